// The recorder's end of the lane from the analysis thread.

import AudioCore

/// Gives samples and marks. No operation waits, allocates or makes a system call.
///
/// Marks may be taken ahead of the samples, for their anchors tell where events stand whose sound still waits; each says
/// at which sample it holds. Ask for `available` before the marks: whoever sees a sample sees the marks before it.
public struct RecordFeed: ~Copyable, Sendable {
    private var samples: RingConsumer<Float>
    private var marks: RingConsumer<RecordMark>

    init(samples: consuming RingConsumer<Float>, marks: consuming RingConsumer<RecordMark>) {
        self.samples = samples
        self.marks = marks
    }

    /// Samples read so far; the unit of `RecordMark.position`.
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
