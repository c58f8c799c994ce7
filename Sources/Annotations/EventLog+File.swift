// Reads a log from a file, line by line, so that a file larger than memory can be exported.

import Events
import Glibc
import System
import WholeFiles

extension EventLog {
    /// The longest line that is read, in bytes.
    public static let longestLine = 1 << 20

    /// Reads a file of lines.
    ///
    /// - Returns: whether the last line is truncated, as after the death of a recorder; such a line is omitted.
    public mutating func read(path: String) throws(AnnotationsError) -> Bool {
        let descriptor: Int32
        do throws(FileFailure) {
            descriptor = try RegularFile.open(path).descriptor
        } catch {
            throw .unreadable(file: path, detail: error.reason)
        }
        defer { close(descriptor) }
        var number = 0
        var pending: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count: Int
            do throws(SystemError) {
                count = try systemCall { Glibc.read(descriptor, &block, block.count) }
            } catch {
                throw .unreadable(file: path, detail: error.description)
            }
            if count == 0 { break }
            var rest = block[..<count]
            while let end = rest.firstIndex(of: 0x0A) {
                number += 1
                pending += rest[..<end]
                try take(number == 1 ? pending.withoutByteOrderMark : pending[...], number: number, path: path)
                pending.removeAll(keepingCapacity: true)
                rest = rest[(end + 1)...]
            }
            pending += rest
            guard pending.count <= Self.longestLine else {
                throw .line(
                    file: path, line: number + 1, problem: "the line is longer than 1 MiB: this is not a file of events"
                )
            }
        }
        guard !pending.isEmpty else { return false }
        if number == 0 { pending = Array(pending.withoutByteOrderMark) }
        // The last line may lack only its line feed, or the file may not be a log at all.
        do throws(EventsError) {
            try take(pending[...])
            return false
        } catch {
            guard number > 0 else { throw .line(file: path, line: 1, problem: error.description) }
            return true
        }
    }

    private mutating func take(_ line: ArraySlice<UInt8>, number: Int, path: String) throws(AnnotationsError) {
        guard !line.isEmpty else { return }
        do throws(EventsError) {
            try take(line)
        } catch {
            throw .line(file: path, line: number, problem: error.description)
        }
    }
}
