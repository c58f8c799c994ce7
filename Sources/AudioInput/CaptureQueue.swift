// The queue between the capture thread and the analysis: samples and marks, in one order.

import AudioCore

/// The two ends of a new queue; take each out once and give it to its thread.
///
/// Frozen, because only then may another module take the ends apart.
@frozen
public struct CaptureQueue: ~Copyable, Sendable {
    /// The end of the capture thread.
    public var producer: CaptureProducer
    /// The end of the analysis thread.
    public var consumer: CaptureConsumer

    /// Allocates a queue.
    ///
    /// - Parameters:
    ///   - samples: floats it must hold, at least two frames of the most channels; 2^18 are 3 s of 44.1 kHz stereo in 1 MiB.
    ///   - marks: marks it must hold.
    public init(samples: Int = 1 << 18, marks: Int = 256) {
        precondition(samples >= 2 * ChannelSelection.limit)
        let sampleRing = Ring<Float>(minimumCapacity: samples)
        let markRing = Ring<StreamMark>(minimumCapacity: marks)
        producer = CaptureProducer(samples: sampleRing.producer, marks: markRing.producer)
        consumer = CaptureConsumer(samples: sampleRing.consumer, marks: markRing.consumer)
    }
}

/// Pushes samples and marks. No operation waits, allocates or makes a system call.
public struct CaptureProducer: ~Copyable, Sendable {
    private var samples: RingProducer<Float>
    private var marks: RingProducer<StreamMark>

    init(samples: consuming RingProducer<Float>, marks: consuming RingProducer<StreamMark>) {
        self.samples = samples
        self.marks = marks
    }

    /// Samples the queue can hold.
    public var capacity: Int { samples.capacity }
    /// Samples that fit now.
    public var vacancy: Int { samples.vacancy }

    /// Pushes as many whole frames as fit; returns how many.
    public mutating func push(_ frames: UnsafeBufferPointer<Float>, channels: Int) -> Int {
        samples.push(frames, stride: channels) / channels
    }

    /// Says something that holds from the next sample on; false when there is no room to say it.
    public mutating func mark(_ kind: StreamMark.Kind, wall: Int64, monotonic: Int64) -> Bool {
        // Published before any sample that follows it, so the reader cannot see those without it.
        marks.push(StreamMark(position: samples.position, kind: kind, wall: wall, monotonic: monotonic))
    }
}

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
        // The order matters: a reader that sees a sample (acquiring) also sees the marks published before it.
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

/// A fact about the stream that holds from one sample on. It travels beside the samples and never later than them.
public struct StreamMark: Equatable, Sendable, BitwiseCopyable {
    /// What happened.
    public enum Kind: Equatable, Sendable, BitwiseCopyable {
        /// From here on the samples have this format. Always the first mark before samples, and again after a loss.
        case opened(AudioFormat)
        /// From here on the samples have this format and continue those before: another recording in the same file.
        case continued(AudioFormat)
        /// About this many frames are missing here, at the rate in force.
        case gap(frames: Int, GapCause)
        /// The source changed its state; `code` is the backend's own, 0 for none.
        case state(SourceState, code: Int32)
    }

    /// Samples (not frames) that were pushed before this holds.
    public var position: Int
    /// What happened.
    public var kind: Kind
    /// When the first sample after the mark was heard, or the fact was seen: nanoseconds since 1970, UTC.
    public var wall: Int64
    /// The same instant on the monotonic clock, in nanoseconds.
    public var monotonic: Int64

    /// Creates a mark.
    public init(position: Int, kind: Kind, wall: Int64, monotonic: Int64) {
        self.position = position
        self.kind = kind
        self.wall = wall
        self.monotonic = monotonic
    }
}
