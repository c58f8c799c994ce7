// Reads numbers from a MIDI file with bounds checks.

/// A position in a MIDI file.
struct MIDIBytes {
    private let bytes: [UInt8]
    private let context: ReadingContext
    private(set) var position = 0

    init(_ bytes: [UInt8], _ context: ReadingContext) {
        self.bytes = bytes
        self.context = context
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// Whether a complete track begins at the position.
    var isAtTrack: Bool {
        guard position + 8 <= bytes.count, bytes[position...].starts(with: Array("MTrk".utf8)) else { return false }
        return bytes[position + 4..<position + 8].reduce(0) { $0 << 8 | Int($1) } <= bytes.count - position - 8
    }

    /// Moves to another position, at most the end.
    mutating func seek(_ target: Int) throws(AnnotationsError) {
        guard target <= bytes.count else { throw cutShort }
        position = target
    }

    /// Reads a big-endian number of `count` bytes.
    mutating func number(_ count: Int) throws(AnnotationsError) -> Int {
        guard position + count <= bytes.count else { throw cutShort }
        defer { position += count }
        return bytes[position..<position + count].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Reads a data byte, 0...127.
    mutating func data() throws(AnnotationsError) -> Int {
        let value = try number(1)
        guard value < 0x80 else {
            throw context.error("0x\(String(value, radix: 16)) in place of a data byte", byte: position - 1)
        }
        return value
    }

    /// Reads a number of one to four bytes with seven bits each.
    mutating func variableNumber() throws(AnnotationsError) -> Int {
        var value = 0
        for _ in 0..<4 {
            let byte = try number(1)
            value = value << 7 | byte & 0x7F
            if byte < 0x80 { return value }
        }
        throw context.error("a number is longer than four bytes", byte: position)
    }

    /// Reads the four letters of a chunk.
    mutating func chunkName() throws(AnnotationsError) -> String {
        let name = try number(4)
        return String(decoding: (0..<4).map { UInt8(truncatingIfNeeded: name >> (24 - 8 * $0)) }, as: UTF8.self)
    }

    /// Reads the length of a chunk and returns the position of its end.
    mutating func chunkEnd() throws(AnnotationsError) -> Int {
        let length = try number(4)
        guard position + length <= bytes.count else { throw cutShort }
        return position + length
    }

    private var cutShort: AnnotationsError {
        context.error("unexpected end of file: the file is truncated", byte: bytes.count)
    }
}
