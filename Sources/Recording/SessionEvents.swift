// The lines of `events.jsonl`, complete or with a truncated last line.

import Events
import JSON

/// The contents of `events.jsonl`.
public struct SessionEvents: Equatable, Sendable {
    /// Bytes at the end of the file that a power failure may have left unwritten: the output of a busy session in a
    /// few seconds.
    static let unfinished = 1 << 20

    /// The lines in order. Lines of a type that this version does not know are omitted.
    public private(set) var lines: [NumberedEvent] = []
    /// Number of bytes in complete lines; the truncated rest is not in `lines`.
    public private(set) var wholeBytes = 0

    /// Decodes the file's bytes; `path` is used only in messages. A last line without its line feed is ignored; any
    /// other invalid line throws an error with its number.
    public init(bytes: [UInt8], path: String) throws(RecordingError) {
        try read(bytes, path: path) { _ in false }
    }

    /// The same for a file that is to be repaired. Everything from the first line that contains zero bytes is ignored,
    /// as long as that line is in the unfinished end of the file. A power failure leaves zero bytes where a part of
    /// the file was not on the disk yet.
    ///
    /// - Parameter force: ignore everything after any invalid line, wherever it is.
    init(mending bytes: [UInt8], path: String, force: Bool) throws(RecordingError) {
        try read(bytes, path: path) { line in
            force || (line.contains(0) && bytes.count - line.startIndex <= Self.unfinished)
        }
    }

    private mutating func read(
        _ bytes: [UInt8], path: String, endsAt isEnd: (ArraySlice<UInt8>) -> Bool
    ) throws(RecordingError) {
        var number = 0
        while let end = bytes[wholeBytes...].firstIndex(of: 0x0A) {
            number += 1
            let line = bytes[wholeBytes..<end]
            do throws(EventsError) {
                lines.append(try NumberedEvent(line: line))
            } catch {
                guard Self.isOfLaterVersion(line) else {
                    if isEnd(line) { return }
                    throw .line(path: path, line: number, problem: "\(error)")
                }
            }
            wholeBytes = end + 1
        }
    }

    private static func isOfLaterVersion(_ line: ArraySlice<UInt8>) -> Bool {
        guard let type = (try? JSONParser.parse(line))?["type"]?.text else { return false }
        return EventKind(rawValue: type) == nil
    }
}
