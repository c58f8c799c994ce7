// The queue between the capture thread and the analysis: samples and marks, in a common order.

import AudioCore

/// The two ends of a new queue. The owner takes each end out once and passes it to its thread.
///
/// The type is frozen because only then another module may take the ends out.
@frozen
public struct CaptureQueue: ~Copyable, Sendable {
    /// The end for the capture thread.
    public var producer: CaptureProducer
    /// The end for the analysis thread.
    public var consumer: CaptureConsumer

    /// Allocates a queue.
    ///
    /// - Parameters:
    ///   - samples: minimum capacity in floats, at least two frames of the largest number of channels; 2^18 are 3 s of
    ///     44.1 kHz stereo in 1 MiB.
    ///   - marks: minimum capacity in marks.
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

    /// Capacity in samples.
    public var capacity: Int { samples.capacity }
    /// Number of samples that fit now.
    public var vacancy: Int { samples.vacancy }

    /// Pushes as many whole frames as fit; returns their number.
    public mutating func push(_ frames: UnsafeBufferPointer<Float>, channels: Int) -> Int {
        samples.push(frames, stride: channels) / channels
    }

    /// Pushes a mark that takes effect at the next sample; returns false when there is no room.
    public mutating func mark(_ kind: StreamMark.Kind, wall: Int64, monotonic: Int64) -> Bool {
        // The mark is published before any sample that follows it, so the reader cannot see those samples without it.
        marks.push(StreamMark(position: samples.position, kind: kind, wall: wall, monotonic: monotonic))
    }
}

/// The reading end: returns samples and marks in their common order. No operation waits, allocates or makes a system
/// call.
///
/// A reader calls `nextMark()` until it returns nil, then `read` for the samples before the next mark. When `read`
/// returns 0 and no mark is due, the queue is empty.
public struct CaptureConsumer: ~Copyable, Sendable {
    private var samples: RingConsumer<Float>
    private var marks: RingConsumer<StreamMark>

    init(samples: consuming RingConsumer<Float>, marks: consuming RingConsumer<StreamMark>) {
        self.samples = samples
        self.marks = marks
    }

    /// The number of samples read or discarded so far; the unit of `StreamMark.position`.
    public var position: Int { samples.position }
    /// The number of samples in the queue, including those after marks.
    public var backlog: Int { samples.count }

    /// The number of samples that can be read before the next mark.
    public var readable: Int {
        // The order matters: a reader that sees a sample (acquiring) also sees the marks published before it.
        let available = samples.count
        guard let mark = marks.peek() else { return available }
        return min(available, mark.position - samples.position)
    }

    /// Removes and returns the mark that takes effect at the next sample; nil when there is none.
    public mutating func nextMark() -> StreamMark? {
        guard let mark = marks.peek(), mark.position == samples.position else { return nil }
        return marks.pop()
    }

    /// Reads interleaved samples up to the next mark, at most as many as `destination` holds; returns their number.
    public mutating func read(_ destination: UnsafeMutableBufferPointer<Float>) -> Int {
        samples.pop(into: UnsafeMutableBufferPointer(rebasing: destination.prefix(readable)))
    }

    /// Discards at most `limit` samples up to the next mark (to catch up); returns their number.
    public mutating func discard(_ limit: Int) -> Int {
        samples.discard(min(limit, readable))
    }
}

/// A mark in the stream that takes effect at one sample. It is never delivered later than the samples that follow it.
public struct StreamMark: Equatable, Sendable, BitwiseCopyable {
    /// The kind of mark.
    public enum Kind: Equatable, Sendable, BitwiseCopyable {
        /// The following samples have this format. It is always the first mark before samples, and is repeated after a
        /// loss.
        case opened(AudioFormat)
        /// The following samples have this format and continue the previous ones: another recording in the same file.
        case continued(AudioFormat)
        /// Approximately this many frames are missing here, at the rate in force.
        case gap(frames: Int, GapCause)
        /// The source changed its state; `code` is specific to the backend, 0 for none.
        case state(SourceState, code: Int32)
    }

    /// Number of samples (not frames) that were pushed before the mark.
    public var position: Int
    /// The kind of mark.
    public var kind: Kind
    /// Wall time of the first sample after the mark, or of the detection: nanoseconds since 1970, UTC.
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
