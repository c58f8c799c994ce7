// The queue from the analysis to the recorder: samples as the device delivered them, and marks.

import AudioCore
import Events

/// The two ends of a new queue. The owner takes each end out once and passes it to its thread.
///
/// The type is frozen because only then another module may take the ends out.
@frozen
public struct RecordQueue: ~Copyable, Sendable {
    /// The end for the analysis thread.
    public var producer: RecordProducer
    /// The end for the recorder's thread.
    public var consumer: RecordConsumer

    /// Allocates a queue.
    ///
    /// - Parameters:
    ///   - samples: minimum capacity in floats, which determines how long a disk may hang before audio is lost: 2^22
    ///     are 47 s of 44.1 kHz stereo in 16 MiB.
    ///   - marks: minimum capacity in marks, at least 512.
    public init(samples: Int = 1 << 22, marks: Int = 2048) {
        precondition(marks >= 512)
        let sampleRing = Ring<Float>(minimumCapacity: samples)
        let markRing = Ring<RecordMark>(minimumCapacity: marks)
        producer = RecordProducer(samples: sampleRing.producer, marks: markRing.producer)
        consumer = RecordConsumer(samples: sampleRing.consumer, marks: markRing.consumer)
    }
}

/// The recorder's end: returns samples and marks. No operation waits, allocates or makes a system call.
///
/// Marks may be read ahead of the samples, because their anchors give the positions of events whose audio is still in
/// the queue; each mark contains the sample at which it takes effect. Read `available` before the marks: a thread that
/// sees a sample also sees the marks before it.
public struct RecordConsumer: ~Copyable, Sendable {
    private var samples: RingConsumer<Float>
    private var marks: RingConsumer<RecordMark>

    init(samples: consuming RingConsumer<Float>, marks: consuming RingConsumer<RecordMark>) {
        self.samples = samples
        self.marks = marks
    }

    /// The number of samples read so far; the unit of `RecordMark.sample`.
    public var position: Int { samples.position }
    /// The position up to which samples can be read.
    public var available: Int { samples.position + samples.count }

    /// Removes and returns the oldest mark; nil when there is none.
    public mutating func nextMark() -> RecordMark? {
        marks.pop()
    }

    /// Reads as many samples as are available and fit; returns their number.
    public mutating func read(_ destination: UnsafeMutableBufferPointer<Float>) -> Int {
        samples.pop(into: destination)
    }
}

/// A mark in the audio that takes effect at one sample.
///
/// Its clock is `position`: the number of frames since the queue was created, at the rate in force, including missing
/// frames. It is the common clock of audio and events.
public struct RecordMark: Equatable, Sendable, BitwiseCopyable {
    /// The kind of mark.
    public enum Kind: Equatable, Sendable, BitwiseCopyable {
        /// The samples that follow have this format. With `continues` a gap mark with the number of frames that are
        /// missing before them follows; otherwise their number is unknown.
        case opened(AudioFormat, continues: Bool)
        /// This frame of a stream, counted as in events, is at the mark's position.
        case anchor(stream: Int, frame: Int64)
        /// This number of frames is missing before the mark's position.
        case gap(frames: Int, GapCause)
        /// This number of frames arrived while the queue was full because the disk was too slow.
        case dropped(frames: Int)
        /// No samples follow.
        case ended
    }

    /// Number of samples (not frames) that were pushed before the mark.
    public var sample: Int
    /// Position of the first sample after the mark.
    public var position: Int64
    /// The kind of mark.
    public var kind: Kind
    /// Wall time of the first sample after the mark: nanoseconds since 1970, UTC.
    public var wall: Int64
}
