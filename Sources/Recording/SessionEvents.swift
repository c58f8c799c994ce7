// The lines of `events.jsonl`, whole or cut off in the middle of the last one.

import Events
import JSON

/// What `events.jsonl` holds.
public struct SessionEvents: Equatable, Sendable {
    /// Bytes at the end of the file that a power cut may have left unwritten: what a busy session writes in some seconds.
    static let unfinished = 1 << 20

    /// The lines in order. Lines of a type that this version does not know are left out, as every reader should.
    public private(set) var lines: [NumberedEvent] = []
    /// Bytes of the file that are whole lines; what follows was cut off and is not among `lines`.
    public private(set) var wholeBytes = 0

    /// Reads the file's bytes; `path` is only for messages. A last line without its line consumer is passed over; any other
    /// line that cannot be read is an error with its number.
    public init(bytes: [UInt8], path: String) throws(RecordingError) {
        try read(bytes, path: path) { _ in false }
    }

    /// The same for a file that is to be mended: from the first line on that holds zero bytes, as a power cut leaves them
    /// where a part of the file was not on the disk yet, everything is passed over, as long as it lies in the unfinished
    /// end of the file.
    ///
    /// - Parameter force: pass over what follows any line that cannot be read, wherever it lies.
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
