// The lane from the analysis to the recorder: samples as the device gave them, and marks.

import AudioCore

/// The two ends of a new lane; take each out once and give it to its thread.
///
/// Frozen, because only then may another module take the ends apart.
@frozen
public struct RecordLink: ~Copyable, Sendable {
    /// The end of the analysis thread.
    public var tap: RecordTap
    /// The end of the recorder's thread.
    public var feed: RecordFeed

    /// Allocates a lane.
    ///
    /// - Parameters:
    ///   - samples: floats it must hold, which is how long a disk may hang before sound is lost: 2^22 are 47 s of 44.1 kHz
    ///     stereo in 16 MiB.
    ///   - marks: marks it must hold, at least 512.
    public init(samples: Int = 1 << 22, marks: Int = 2048) {
        precondition(marks >= 512)
        let sampleRing = Ring<Float>(minimumCapacity: samples)
        let markRing = Ring<RecordMark>(minimumCapacity: marks)
        tap = RecordTap(samples: sampleRing.producer, marks: markRing.producer)
        feed = RecordFeed(samples: sampleRing.consumer, marks: markRing.consumer)
    }
}
