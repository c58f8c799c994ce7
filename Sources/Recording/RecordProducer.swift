// The analysis thread's end of the queue to the recorder.

import AudioCore
import Events

/// Pushes samples and marks as the device delivered them. After `init` no operation waits, allocates or makes a system
/// call.
///
/// When the recorder does not keep up, frames are dropped and counted. They are reported as soon as there is room. The
/// clock continues, so later frames keep their positions.
public struct RecordProducer: ~Copyable, Sendable {
    /// The largest number of streams of a source.
    static let streams = 64

    private var samples: RingProducer<Float>
    private var marks: RingProducer<RecordMark>
    private var format: AudioFormat?
    private var position: Int64 = 0
    /// Frames dropped and not reported yet.
    private var missing = 0
    /// A mark was rejected: all marks must be sent again.
    private var isBroken = false
    private var wall: (position: Int64, nanoseconds: Int64) = (0, 0)
    private var anchors: [(frame: Int64, position: Int64)?]

    init(samples: consuming RingProducer<Float>, marks: consuming RingProducer<RecordMark>) {
        self.samples = samples
        self.marks = marks
        anchors = Array(repeating: nil, count: Self.streams)
    }

    /// Returns whether so many samples and the marks of one turn fit: a source that can wait checks this first.
    public func hasRoom(samples count: Int) -> Bool {
        samples.vacancy >= count && marks.vacancy > 2 * Self.streams
    }

    /// Reports that the source was opened; the frames that follow have this format.
    public mutating func open(_ new: AudioFormat, wall nanoseconds: Int64) {
        settle()
        // The clock counts frames of one rate, so frames that are missing at another rate cannot be counted with it.
        let continues = format == new
        format = new
        wall = (position, nanoseconds)
        push(.opened(new, continues: continues))
    }

    /// Pushes frames as the device delivered them, interleaved.
    public mutating func push(_ frames: UnsafeBufferPointer<Float>) {
        guard let format else { return }
        let count = frames.count / format.channels
        position += Int64(count)
        if missing > 0 || isBroken {
            // One long gap is better than many short ones: dropping continues until half of the queue is free.
            guard samples.vacancy >= samples.capacity / 2, marks.vacancy > 2 * Self.streams else {
                missing += count
                return
            }
            position -= Int64(count)
            resume(format)
            position += Int64(count)
        }
        missing += count - samples.push(frames, stride: format.channels) / format.channels
    }

    /// Reports that frames are missing, or (with 0 frames) that the wall clock was stepped.
    public mutating func gap(frames: Int, _ reason: GapCause, wall nanoseconds: Int64) {
        settle()
        position += Int64(frames)
        wall = (position, nanoseconds)
        push(.gap(frames: frames, reason))
    }

    /// Assigns `frame` of a stream, counted as in events, to the next frame of the audio.
    public mutating func anchor(stream: Int, frame: Int64) {
        guard stream < Self.streams else { return }
        settle()
        anchors[stream] = (frame, position)
        push(.anchor(stream: stream, frame: frame))
    }

    /// Reports that no more samples follow.
    public mutating func end() {
        settle()
        push(.ended)
    }

    /// Reports the dropped frames before any other mark, so that the order is kept.
    private mutating func settle() {
        guard missing > 0, !isBroken else { return }
        if push(.dropped(frames: missing)) { missing = 0 }
    }

    private mutating func resume(_ format: AudioFormat) {
        guard isBroken else { return settle() }
        isBroken = false
        missing = 0
        push(.opened(format, continues: false))
        for stream in anchors.indices {
            guard let anchor = anchors[stream] else { continue }
            // The position may be old; it is valid as long as there is no newer one.
            push(.anchor(stream: stream, frame: anchor.frame), at: anchor.position)
        }
    }

    @discardableResult
    private mutating func push(_ kind: RecordMark.Kind, at other: Int64? = nil) -> Bool {
        guard !isBroken else { return false }
        let position = other ?? position
        let passed = FrameTime.nanoseconds(of: position - wall.position, rate: format?.sampleRate ?? 1)
        let mark = RecordMark(
            sample: samples.position, position: position, kind: kind, wall: wall.nanoseconds + passed)
        isBroken = !marks.push(mark)
        return !isBroken
    }
}
