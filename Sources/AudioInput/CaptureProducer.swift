// The capture thread's end of the lane to the analysis.

import AudioCore

/// Pushes samples and marks. No operation waits, allocates or makes a system call.
public struct CaptureProducer: ~Copyable, Sendable {
    private var samples: RingProducer<Float>
    private var marks: RingProducer<StreamMark>

    init(samples: consuming RingProducer<Float>, marks: consuming RingProducer<StreamMark>) {
        self.samples = samples
        self.marks = marks
    }

    /// Samples the lane can hold.
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
