// The analysis thread's end of the lane from the capture thread.

import AudioCore

/// Gives samples and marks in their true order. No operation waits, allocates or makes a system call.
///
/// The loop of a reader: take `nextMark()` until it is nil, then `read` what precedes the next one; when that returns
/// 0 and no mark is due, nothing has come yet.
public struct CaptureConsumer: ~Copyable, Sendable {
    private var samples: RingConsumer<Float>
    private var marks: RingConsumer<StreamMark>

    init(samples: consuming RingConsumer<Float>, marks: consuming RingConsumer<StreamMark>) {
        self.samples = samples
        self.marks = marks
    }

    /// Samples read or discarded so far; the unit of `StreamMark.position`.
    public var position: Int { samples.position }
    /// Samples that wait, whatever marks lie between them.
    public var backlog: Int { samples.count }

    /// Samples that can be read before the next mark.
    public var readable: Int {
        // The order matters: whoever sees a sample (acquiring) also sees the marks published before it.
        let available = samples.count
        guard let mark = marks.peek() else { return available }
        return min(available, mark.position - samples.position)
    }

    /// The mark that holds from the very next sample on, if there is one; it is taken.
    public mutating func nextMark() -> StreamMark? {
        guard let mark = marks.peek(), mark.position == samples.position else { return nil }
        return marks.pop()
    }

    /// Reads interleaved samples up to the next mark, at most a bufferful; returns how many.
    public mutating func read(_ destination: UnsafeMutableBufferPointer<Float>) -> Int {
        samples.pop(into: UnsafeMutableBufferPointer(rebasing: destination.prefix(readable)))
    }

    /// Throws away at most `limit` samples up to the next mark (to catch up); returns how many.
    public mutating func discard(_ limit: Int) -> Int {
        samples.discard(min(limit, readable))
    }
}
