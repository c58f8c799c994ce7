// The analysis thread's end of the queue to the recorder.

import AudioCore
import Events

/// Takes what the device gave. After `init` no operation waits, allocates or makes a system call.
///
/// When the recorder does not keep up, frames are dropped, counted, and said as soon as there is room; the clock goes on,
/// so what comes after stands where it belongs.
public struct RecordProducer: ~Copyable, Sendable {
    /// Most streams of a source.
    static let streams = 64

    private var samples: RingProducer<Float>
    private var marks: RingProducer<RecordMark>
    private var format: AudioFormat?
    private var position: Int64 = 0
    /// Frames dropped and not said yet.
    private var missing = 0
    /// A mark was refused: all must be said again.
    private var isBroken = false
    private var wall: (position: Int64, nanoseconds: Int64) = (0, 0)
    private var anchors: [(frame: Int64, position: Int64)?]

    init(samples: consuming RingProducer<Float>, marks: consuming RingProducer<RecordMark>) {
        self.samples = samples
        self.marks = marks
        anchors = Array(repeating: nil, count: Self.streams)
    }

    /// Whether so many samples and the marks of a turn fit: a source that can wait asks first.
    public func hasRoom(samples count: Int) -> Bool {
        samples.vacancy >= count && marks.vacancy > 2 * Self.streams
    }

    /// The source was opened; the frames that follow have this format.
    public mutating func open(_ new: AudioFormat, wall nanoseconds: Int64) {
        // The clock counts frames of one rate, so what is missing at another cannot be said with it.
        let continues = format == new
        format = new
        wall = (position, nanoseconds)
        push(.opened(new, continues: continues))
    }

    /// Frames as the device gave them, interleaved.
    public mutating func push(_ frames: UnsafeBufferPointer<Float>) {
        guard let format else { return }
        let count = frames.count / format.channels
        position += Int64(count)
        if missing > 0 || isBroken {
            // One long gap is better than many short ones: wait until half of the queue is free.
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

    /// Frames are missing, or (with none) the wall clock was stepped.
    public mutating func gap(frames: Int, _ reason: GapCause, wall nanoseconds: Int64) {
        settle()
        position += Int64(frames)
        wall = (position, nanoseconds)
        push(.gap(frames: frames, reason))
    }

    /// The next frame of the sound is `frame` of a stream, counted as in events.
    public mutating func anchor(stream: Int, frame: Int64) {
        guard stream < Self.streams else { return }
        settle()
        anchors[stream] = (frame, position)
        push(.anchor(stream: stream, frame: frame))
    }

    /// Nothing follows.
    public mutating func end() {
        settle()
        push(.ended)
    }

    /// Marks what was dropped before any other mark, so that the order is kept.
    private mutating func settle() {
        guard missing > 0, !isBroken else { return }
        if push(.dropped(frames: missing)) { missing = 0 }
    }

    private mutating func resume(_ format: AudioFormat) {
        guard isBroken else { return settle() }
        isBroken = false
        missing = 0
        wall.nanoseconds += FrameTime.nanoseconds(of: position - wall.position, rate: format.sampleRate)
        wall.position = position
        push(.opened(format, continues: false))
        for stream in anchors.indices {
            guard let anchor = anchors[stream] else { continue }
            // The position may be long ago; it holds as long as no newer one came.
            push(.anchor(stream: stream, frame: anchor.frame), at: anchor.position)
        }
    }

    @discardableResult
    private mutating func push(_ kind: RecordMark.Kind, at other: Int64? = nil) -> Bool {
        guard !isBroken else { return false }
        let mark = RecordMark(
            sample: samples.position, position: other ?? position, kind: kind, wall: wall.nanoseconds)
        isBroken = !marks.push(mark)
        return !isBroken
    }
}
