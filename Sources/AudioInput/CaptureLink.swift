// The lane between the capture thread and the analysis: samples and marks, in one order.

import AudioCore

/// The two ends of a new lane; take each out once and give it to its thread.
///
/// Frozen, because only then may another module take the ends apart.
@frozen
public struct CaptureLink: ~Copyable, Sendable {
    /// The end of the capture thread.
    public var producer: CaptureProducer
    /// The end of the analysis thread.
    public var consumer: CaptureConsumer

    /// Allocates a lane.
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
