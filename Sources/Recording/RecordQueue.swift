// The queue from the analysis to the recorder: samples as the device gave them, and marks.

import AudioCore
import Events

/// The two ends of a new queue; take each out once and give it to its thread.
///
/// Frozen, because only then may another module take the ends apart.
@frozen
public struct RecordQueue: ~Copyable, Sendable {
    /// The end of the analysis thread.
    public var producer: RecordProducer
    /// The end of the recorder's thread.
    public var consumer: RecordConsumer

    /// Allocates a queue.
    ///
    /// - Parameters:
    ///   - samples: floats it must hold, which is how long a disk may hang before sound is lost: 2^22 are 47 s of 44.1 kHz
    ///     stereo in 16 MiB.
    ///   - marks: marks it must hold, at least 512.
    public init(samples: Int = 1 << 22, marks: Int = 2048) {
        precondition(marks >= 512)
        let sampleRing = Ring<Float>(minimumCapacity: samples)
        let markRing = Ring<RecordMark>(minimumCapacity: marks)
        producer = RecordProducer(samples: sampleRing.producer, marks: markRing.producer)
        consumer = RecordConsumer(samples: sampleRing.consumer, marks: markRing.consumer)
    }
}

/// Gives samples and marks. No operation waits, allocates or makes a system call.
///
/// Marks may be taken ahead of the samples, for their anchors tell where events stand whose sound still waits; each says
/// at which sample it holds. Ask for `available` before the marks: a thread that sees a sample sees the marks before it.
public struct RecordConsumer: ~Copyable, Sendable {
    private var samples: RingConsumer<Float>
    private var marks: RingConsumer<RecordMark>

    init(samples: consuming RingConsumer<Float>, marks: consuming RingConsumer<RecordMark>) {
        self.samples = samples
        self.marks = marks
    }

    /// Samples read so far; the unit of `RecordMark.sample`.
    public var position: Int { samples.position }
    /// The position up to which samples can be read.
    public var available: Int { samples.position + samples.count }

    /// The oldest mark that was not taken yet.
    public mutating func nextMark() -> RecordMark? {
        marks.pop()
    }

    /// Reads as many samples as there are and as fit; returns how many.
    public mutating func read(_ destination: UnsafeMutableBufferPointer<Float>) -> Int {
        samples.pop(into: destination)
    }
}

/// A fact about the sound that holds from one sample on.
///
/// Its clock is `position`: frames since the queue was made, at the rate in force, those included that are missing. It is the
/// one clock on which sound and events meet.
public struct RecordMark: Equatable, Sendable, BitwiseCopyable {
    /// What happened.
    public enum Kind: Equatable, Sendable, BitwiseCopyable {
        /// The samples that follow have this format. With `continues` a gap mark with the
        /// frames that are missing before them follows; otherwise their number is unknown.
        case opened(AudioFormat, continues: Bool)
        /// This frame of a stream, counted as in events, stands at the mark's position.
        case anchor(stream: Int, frame: Int64)
        /// So many frames are missing before the mark's position.
        case gap(frames: Int, GapCause)
        /// So many frames came while the queue was full, because the disk was too slow.
        case dropped(frames: Int)
        /// Nothing follows.
        case ended
    }

    /// Samples (not frames) that were pushed before this holds.
    public var sample: Int
    /// Where the first sample after the mark stands.
    public var position: Int64
    /// What happened.
    public var kind: Kind
    /// When the first sample after the mark was heard: nanoseconds since 1970, UTC.
    public var wall: Int64
}
