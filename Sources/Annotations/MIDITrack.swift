// One track of a Standard MIDI File during writing.

/// The bytes of a track. Events are appended in order of their ticks.
struct MIDITrack {
    /// The longest pause that four bytes can store.
    private static let longestPause = 0x0FFF_FFFF

    private var bytes: [UInt8] = []
    private var tick = 0

    /// Appends an event.
    mutating func append(_ event: [UInt8], at tick: Int) {
        // An empty text event divides a pause that one number cannot store: more than three days.
        while tick - self.tick > Self.longestPause { append([0xFF, 0x01, 0], at: self.tick + Self.longestPause) }
        bytes += Self.variableNumber(max(0, tick - self.tick)) + event
        self.tick = max(self.tick, tick)
    }

    /// Appends a meta event: type 1 is text, 3 a track's name, 6 a marker.
    mutating func appendMeta(_ type: UInt8, _ content: some Collection<UInt8>, at tick: Int) {
        append([0xFF, type] + Self.variableNumber(content.count) + content, at: tick)
    }

    /// Returns the complete chunk, which ends at `tick` or at the last event where that is later.
    func chunk(endingAt tick: Int) -> [UInt8] {
        var track = self
        track.appendMeta(0x2F, [], at: tick)
        return Array("MTrk".utf8) + Self.bigEndian(track.bytes.count, bytes: 4) + track.bytes
    }

    /// Returns a number of fixed width.
    static func bigEndian(_ value: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// Encodes seven bits a byte, the highest first; all bytes except the last have their top bit set.
    private static func variableNumber(_ value: Int) -> [UInt8] {
        var groups = [UInt8(value & 0x7F)]
        var rest = value >> 7
        while rest > 0 {
            groups.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return groups.reversed()
    }
}
