// Writes events as numbered lines to a file descriptor: stdout, a pipe, a file.

import Glibc
import JSON
import System

/// Writes events for a single consumer: numbers the lines from 1 and writes each at once, so that a pipe receives it
/// without delay.
///
/// `write` blocks while the other end does not read, as a replay requires; the daemon's clients are served by the
/// event server instead. The owner of the process must ignore SIGPIPE.
public struct LineSink {
    private let descriptor: Int32
    private var encoder = EventEncoder()
    private var writer = JSONWriter()
    private var sequence: Int64 = 0

    /// Creates a sink that writes to `descriptor`, which the caller continues to own.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Writes one line; returns 0, or the errno of the write (EPIPE when the reader has closed, ENOSPC when the disk
    /// is full).
    public mutating func write(_ event: Event) -> Int32 {
        writer.bytes.removeAll(keepingCapacity: true)
        EventEncoder.lineStart(sequence + 1, into: &writer)
        writer.bytes += encoder.encode(event)
        var written = 0
        while written < writer.bytes.count {
            do throws(SystemError) {
                written += try systemCall {
                    writer.bytes.withUnsafeBytes { bytes in
                        Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                    }
                }
            } catch {
                return error.code
            }
        }
        sequence += 1
        return 0
    }
}
