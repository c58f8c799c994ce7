// Parses a Standard MIDI File into the events that are used.

/// The events of all tracks in order of time.
struct MIDIFile {
    /// One event.
    struct Event {
        /// Each port has 16 channels: port 2, channel 3 is 2 * 16 + 3.
        enum Kind: Equatable {
            case noteOn(channel: Int, note: Int)
            case noteOff(channel: Int, note: Int)
            case program(channel: Int, Int)
            /// Microseconds per quarter note.
            case tempo(Int)
        }

        /// Ticks from the beginning.
        let tick: Int
        let track: Int
        /// Position in the file.
        let byte: Int
        let kind: Kind
    }

    /// The duration of a tick.
    enum Division: Equatable {
        case perQuarter(Int)
        case perSecond(Double)
    }

    let division: Division
    /// Ordered by tick, then by track.
    private(set) var events: [Event] = []
    /// The last tick of each track.
    private(set) var ends: [Int] = []

    /// Parses a file; throws for format 2, whose tracks are independent pieces.
    init(_ bytes: [UInt8], _ context: ReadingContext) throws(AnnotationsError) {
        var reader = MIDIBytes(bytes, context)
        guard try reader.chunkName() == "MThd" else { throw context.error("expected a MIDI header", byte: 0) }
        let headerLength = try reader.number(4)
        let bodyStart = reader.position
        let format = try reader.number(2)
        let tracks = try reader.number(2)
        let ticks = try reader.number(2)
        guard headerLength >= 6, format < 2 else {
            throw context.error("MIDI format \(format) is not supported: expected 0 or 1", byte: 8)
        }
        if ticks & 0x8000 == 0 {
            division = .perQuarter(ticks)
        } else {
            // The upper byte is the negative number of frames per second, where 29 means 30000/1001.
            let frames = 256 - ticks >> 8
            division = .perSecond((frames == 29 ? 30_000 / 1001 : Double(frames)) * Double(ticks & 0xFF))
        }
        guard division != .perQuarter(0), ticks & 0xFF > 0 || ticks & 0x8000 == 0 else {
            throw context.error("the time division is zero", byte: bodyStart + 4)
        }
        try reader.seek(bodyStart + headerLength)
        // Some programs store too low a number of tracks; data after the last track that is not a track is ignored.
        while ends.count < tracks || reader.isAtTrack {
            guard !reader.isAtEnd else {
                throw context.error(
                    "the header specifies \(tracks) tracks, and \(ends.count) are present: the file is truncated",
                    byte: reader.position)
            }
            let isTrack = try reader.chunkName() == "MTrk"
            let end = try reader.chunkEnd()
            if isTrack { try readTrack(&reader, until: end, context) }
            try reader.seek(end)
        }
        events = events.enumerated().sorted {
            ($0.element.tick, $0.element.track, $0.offset) < ($1.element.tick, $1.element.track, $1.offset)
        }.map(\.element)
    }

    private mutating func readTrack(
        _ reader: inout MIDIBytes, until end: Int, _ context: ReadingContext
    ) throws(AnnotationsError) {
        let track = ends.count
        var tick = 0
        var running = 0
        var port = 0
        while reader.position < end {
            tick += try reader.variableNumber()
            let byte = reader.position
            var status = try reader.number(1)
            if status < 0x80 {
                guard running >= 0x80 else { throw context.error("data without a preceding status byte", byte: byte) }
                status = running
                try reader.seek(byte)
            }
            func add(_ kind: Event.Kind) { events.append(Event(tick: tick, track: track, byte: byte, kind: kind)) }
            let channel = port << 4 | status & 0x0F
            // A system message ends the running status.
            running = status < 0xF0 ? status : 0
            switch status {
            case 0x80..<0x90:
                add(.noteOff(channel: channel, note: try reader.data()))
                _ = try reader.data()
            case 0x90..<0xA0:
                let note = try reader.data()
                add(
                    try reader.data() > 0
                        ? .noteOn(channel: channel, note: note) : .noteOff(channel: channel, note: note))
            case 0xC0..<0xD0: add(.program(channel: channel, try reader.data()))
            case 0xD0..<0xE0: _ = try reader.data()
            case 0xA0..<0xF0:
                _ = try reader.data()
                _ = try reader.data()
            case 0xFF:
                let type = try reader.number(1)
                let length = try reader.variableNumber()
                let next = reader.position + length
                if type == 0x51 {
                    let tempo = try reader.number(3)
                    guard length == 3, tempo > 0 else { throw context.error("the tempo is invalid", byte: byte) }
                    add(.tempo(tempo))
                }
                if type == 0x21, length == 1 { port = try reader.number(1) }
                try reader.seek(next)
            case 0xF0, 0xF7:
                let length = try reader.variableNumber()
                try reader.seek(reader.position + length)
            default: throw context.error("0x\(String(status, radix: 16)) is not valid in a file", byte: byte)
            }
        }
        ends.append(tick)
    }
}
