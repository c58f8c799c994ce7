// The lines of `events.jsonl`, whole or cut off in the middle of the last one.

import Events

/// What `events.jsonl` holds.
public struct SessionEvents: Equatable, Sendable {
    /// The lines in order. Lines of a type that this version does not know are left out, as every reader should.
    public private(set) var lines: [NumberedEvent] = []
    /// Bytes of the file that are whole lines; what follows was cut off and is not among `lines`.
    public private(set) var wholeBytes = 0

    /// Reads the file's bytes; `path` is only for messages. A last line without its line feed is passed over; any other
    /// line that cannot be read is an error with its number.
    public init(bytes: [UInt8], path: String) throws(RecordingError) {
        var number = 0
        while let end = bytes[wholeBytes...].firstIndex(of: 0x0A) {
            number += 1
            let line = bytes[wholeBytes..<end]
            do throws(EventsError) {
                lines.append(try NumberedEvent(line: line))
            } catch {
                guard Self.isOfLaterVersion(line) else {
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
