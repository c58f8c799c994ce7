// The analysis thread's end of the lane to the recorder.

import AudioCore
import Events

/// Takes what the device gave. After `init` no operation waits, allocates or makes a system call.
///
/// When the recorder does not keep up, frames are dropped, counted, and said as soon as there is room; the clock goes on,
/// so what comes after stands where it belongs.
public struct RecordTap: ~Copyable, Sendable {
    /// Most streams of a source.
    static let streams = 64

    private var samples: RingProducer<Float>
    private var marks: RingProducer<RecordMark>
    private var format: AudioFormat?
    private var place: Int64 = 0
    /// Frames dropped and not said yet.
    private var missing = 0
    /// A mark was refused: all must be said again.
    private var isBroken = false
    private var wall: (place: Int64, nanoseconds: Int64) = (0, 0)
    private var anchors: [(frame: Int64, place: Int64)?]

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
        wall = (place, nanoseconds)
        push(.opened(new, continues: continues))
    }

    /// Frames as the device gave them, interleaved.
    public mutating func push(_ frames: UnsafeBufferPointer<Float>) {
        guard let format else { return }
        let count = frames.count / format.channels
        place += Int64(count)
        if missing > 0 || isBroken {
            // One long gap is better than many short ones: wait until half of the lane is free.
            guard samples.vacancy >= samples.capacity / 2, marks.vacancy > 2 * Self.streams else {
                missing += count
                return
            }
            place -= Int64(count)
            resume(format)
            place += Int64(count)
        }
        missing += count - samples.push(frames, stride: format.channels) / format.channels
    }

    /// Frames are missing, or (with none) the wall clock was stepped.
    public mutating func gap(frames: Int, _ reason: Discontinuity.Reason, wall nanoseconds: Int64) {
        settle()
        place += Int64(frames)
        wall = (place, nanoseconds)
        push(.gap(frames: frames, reason))
    }

    /// The next frame of the sound is `frame` of a stream, counted as in events.
    public mutating func anchor(stream: Int, frame: Int64) {
        guard stream < Self.streams else { return }
        settle()
        anchors[stream] = (frame, place)
        push(.anchor(stream: stream, frame: frame))
    }

    /// Nothing follows.
    public mutating func end() {
        settle()
        push(.ended)
    }

    /// Says what was dropped before something else is said, so that the order is kept.
    private mutating func settle() {
        guard missing > 0, !isBroken else { return }
        if push(.dropped(frames: missing)) { missing = 0 }
    }

    private mutating func resume(_ format: AudioFormat) {
        guard isBroken else { return settle() }
        isBroken = false
        missing = 0
        wall.nanoseconds += Int64(Double(place - wall.place) / Double(format.sampleRate) * 1e9)
        wall.place = place
        push(.opened(format, continues: false))
        for stream in anchors.indices {
            guard let anchor = anchors[stream] else { continue }
            // The place may be long ago; it holds as long as no newer one came.
            push(.anchor(stream: stream, frame: anchor.frame), at: anchor.place)
        }
    }

    @discardableResult
    private mutating func push(_ kind: RecordMark.Kind, at other: Int64? = nil) -> Bool {
        guard !isBroken else { return false }
        let mark = RecordMark(
            position: samples.position, place: other ?? place, kind: kind, wall: wall.nanoseconds)
        isBroken = !marks.push(mark)
        return !isBroken
    }
}
