// One source on the recorder's thread: aligns its audio and its events on one clock.

import AudioCore
import Configuration
import Events
import System

/// Processes the audio and the events of one source and records when there is a cause.
///
/// Audio is read from its queue only up to the position for which all events are known, so that decisions do not
/// depend on which arrived first. Recorder's thread only.
final class SourceRecorder {
    /// Longest gap that is filled with silence, in seconds; after a longer gap another session begins.
    static let longestSilence = 10.0
    /// Number of blocks per second for which a level is computed.
    static let blocksPerSecond = 20

    let source: RecordedSource
    /// The folder in which the sessions' folders are created. It must exist: the recorder does not create it, so that
    /// a disk that is not mounted is not mistaken for an empty one.
    let folder: String
    var settings: RecordSettings
    var trigger: Trigger
    var plan = RecordingPlan()
    var session: SessionWriter?
    var status: RecordingStatus
    /// Changes to report to the delivery thread.
    var news: [RecordingChange] = []
    /// Position of the next frame, and its wall time.
    var position: Int64 = 0
    var format: AudioFormat?
    var timeline: StreamTimeline
    var preRoll = PreRoll()
    /// Events since the beginning of the pre-roll, and the state before them.
    var lines: [(position: Int64, event: Event)] = []
    var board = StateBoard()
    /// Gaps since the beginning of the pre-roll.
    var gaps: [(position: Int64, frames: Int, reason: String)] = []
    /// End of the last session: the next session does not begin before it.
    var lastEnd = Int64.min
    /// No more audio follows, so no session is started any more.
    private(set) var hasEnded = false
    /// Time at which a failed recording is tried again, in nanoseconds of the monotonic clock.
    var retryAt: Int64 = 0
    /// Time at which recorded data was last written to the disk, in the same unit.
    var syncedAt: Int64 = 0
    /// Recording is abandoned.
    var isGivenUp = false
    var nextLook: Int64 = 0
    /// The monotonic time at which audio was last read, in nanoseconds, and up to which sample it had arrived at the last
    /// look.
    var heardAt: Int64 = 0
    var arrived = 0
    /// The folder's limits, shared with the other sources.
    let room: SessionRoom
    /// The retention limits.
    var retention: Retention { Retention(settings) }
    var store: SessionStore { SessionStore(path: folder) }

    private enum Note {
        case event(Event)
        case ask(RecordingAction)
    }

    private var marks: [RecordMark] = []
    /// The rate of the newest mark that was read, which may be ahead of `format`.
    private var markRate = 1
    private var available = 0
    /// What the delivery thread passed since the last turn, in order.
    private var pending: [Note] = []
    private var grid: ActivityGrid
    private var positions: [Int64] = []
    private var isOver = false
    private var wall: (position: Int64, nanoseconds: Int64) = (0, 0)
    private var block: [Float] = []
    private var level = BlockLevel(frames: 1, channels: 1)

    /// The folder is that of `room`.
    init(_ source: RecordedSource, folder: String, _ settings: RecordSettings, room: SessionRoom) {
        self.source = source
        self.folder = folder
        self.room = room
        self.settings = settings
        trigger = Trigger(settings)
        timeline = StreamTimeline(streamRate: source.hello.rate)
        grid = ActivityGrid(rate: settings.activityRate)
        status = RecordingStatus(name: source.name)
    }

    // MARK: Input from the delivery thread

    func take(_ event: Event) {
        if case .activity = event.body, let position = event.position, !grid.admits(position) { return }
        pending.append(.event(event))
    }

    /// Reports that all events up to these frames of the streams were emitted; `isOver` when no more will be.
    func take(positions: [Int64], isOver: Bool) {
        self.positions = positions
        self.isOver = isOver
    }

    func apply(_ settings: RecordSettings) {
        let wasBefore = self.settings.before
        self.settings = settings
        trigger.settings = settings
        grid.rate = settings.activityRate
        if settings.before != wasBefore, let format { preRoll.resize(frames: preRollFrames(format)) }
    }

    func ask(_ action: RecordingAction) {
        pending.append(.ask(action))
        // A command does not wait for the next attempt.
        retryAt = 0
        status.message = ""
        status.orders += 1
    }

    // MARK: The clock

    /// Does the work that is possible now; with `isLast`, all remaining work.
    func turn(isLast: Bool) {
        guard !isGivenUp else {
            pending.removeAll()
            return
        }
        // Read before the marks: a thread that sees a sample also sees the marks before it.
        available = source.consumer.available
        while let mark = source.consumer.nextMark() { receive(mark) }
        for note in pending {
            switch note {
            case .event(let event):
                let position =
                    event.position.flatMap { timeline.position(of: $0.time.frame, stream: $0.stream) } ?? position
                advance(to: position)
                self.note(event, at: position)
            case .ask(let action): trigger.ask(action)
            }
        }
        pending.removeAll(keepingCapacity: true)
        if isOver || isLast {
            advance(to: .max)
            end(isOver ? "the source ended" : "the program was stopped")
        } else {
            // A source advances all its streams together, so the smallest position holds for all.
            let known = positions.enumerated().map {
                timeline.position(of: $0.element, stream: source.streamName($0.offset)) ?? position
            }
            if let least = known.min() { advance(to: least) }
            // A stop command takes effect even while the device delivers no audio.
            decide()
        }
        forget()
    }

    /// Returns the wall time of the frame at a position.
    func wall(at position: Int64) -> WallTime? {
        guard source.hasWall, let format else { return nil }
        return WallTime(
            nanoseconds: wall.nanoseconds + FrameTime.nanoseconds(of: position - wall.position, rate: format.sampleRate)
        )
    }

    private func receive(_ mark: RecordMark) {
        switch mark.kind {
        case .opened(let format, _): markRate = format.sampleRate
        case .anchor(let stream, let frame):
            timeline.add(
                .init(frame: frame, position: mark.position, rate: markRate), stream: source.streamName(stream))
        case .gap, .dropped, .ended: break
        }
        marks.append(mark)
    }

    /// Reads the audio up to a position, as far as it is available.
    private func advance(to end: Int64) {
        while position < end {
            decide()
            if let mark = marks.first, mark.sample == source.consumer.position {
                marks.removeFirst()
                pass(mark)
                continue
            }
            guard let format else { return }
            let samples = min(available, marks.first?.sample ?? .max) - source.consumer.position
            let run = min(
                Int64(samples / format.channels), end - position, Int64(block.count / format.channels),
                plan.run(from: position, part: frames(settings.part), after: frames(settings.after)))
            guard run > 0 else { return }
            hear(Int(run) * format.channels, channels: format.channels)
        }
    }

    private func hear(_ count: Int, channels: Int) {
        let got = block.withUnsafeMutableBufferPointer {
            source.consumer.read(UnsafeMutableBufferPointer(rebasing: $0[..<count]))
        }
        block.withUnsafeBufferPointer { block in
            let frames = UnsafeBufferPointer(rebasing: block[..<got])
            preRoll.append(frames)
            if settings.level != nil, let level = level.process(frames) { trigger.note(level: level) }
            guard let session else { return }
            attempt { () throws(RecordingError) in try session.write(frames) }
        }
        position += Int64(got / channels)
        heardAt = SystemClock.monotonic
    }

    private func pass(_ mark: RecordMark) {
        switch mark.kind {
        case .opened(let new, let continues):
            if !continues || new != format { interrupt(by: "the source was opened with another format", new, mark) }
            wall = (mark.position, mark.wall)
        case .anchor(let stream, let frame):
            session?.anchor(
                .init(frame: frame, position: mark.position, rate: markRate), stream: source.streamName(stream))
        case .gap(let frames, let reason):
            miss(frames, reason.rawValue, mark)
            wall = (mark.position, mark.wall)
        case .dropped(let frames):
            status.dropped += Int64(frames)
            miss(frames, "disk", mark)
        case .ended:
            hasEnded = true
            end("the source ended")
        }
    }

    private func miss(_ count: Int, _ reason: String, _ mark: RecordMark) {
        guard let format else { return }
        if Double(count) > Self.longestSilence * Double(format.sampleRate) || session?.hasManyGaps == true {
            return interrupt(by: "a gap: \(reason)", format, mark)
        }
        gaps.append((position, count, reason))
        preRoll.appendSilence(count)
        position = mark.position
        guard let session else { return }
        attempt { () throws(RecordingError) in try session.gap(count, reason: reason) }
    }

    /// Handles a discontinuity: the audio that follows does not belong to the audio before.
    private func interrupt(by cause: String, _ new: AudioFormat, _ mark: RecordMark) {
        // What was loud ends here; what follows is measured anew.
        trigger.note(level: -.infinity)
        decide()
        let before = session?.manifest
        // Frames since the last cause, those of a gap included.
        let quiet = plan.quietSince.map { (new == format ? mark.position : position) - $0 }
        let rate = format?.sampleRate ?? new.sampleRate
        end(cause)
        format = new
        position = mark.position
        wall = (mark.position, mark.wall)
        let frames = max(1, new.sampleRate / Self.blocksPerSecond)
        block = [Float](repeating: 0, count: frames * new.channels)
        level = BlockLevel(frames: frames, channels: new.channels)
        keepPreRoll(new)
        let since = quiet.map { mark.position - $0 * Int64(new.sampleRate) / Int64(rate) }
        if let before { goOn(from: before, quietSince: since) }
    }

    private func keepPreRoll(_ format: AudioFormat) {
        for line in lines { board.note(line.event) }
        lines.removeAll()
        gaps.removeAll()
        preRoll.reset(frames: preRollFrames(format), channels: format.channels, position: position)
    }

    private func preRollFrames(_ format: AudioFormat) -> Int {
        min(
            settings.preRollBytes / (MemoryLayout<Float>.size * format.channels),
            Int(clamping: frames(settings.before)))
    }

    private func note(_ event: Event, at position: Int64) {
        trigger.note(event)
        lines.append((position, event))
        session?.line(event, position: position)
        decide()
    }

    /// Discards events, gaps and anchors before the pre-roll; the discarded events update `board`.
    private func forget() {
        let start = preRoll.start
        let old = lines.prefix { $0.position <= start }
        for line in old { board.note(line.event) }
        lines.removeFirst(old.count)
        gaps.removeAll { $0.position + Int64($0.frames) <= start }
        timeline.forget(before: start)
    }

    /// Converts seconds to frames.
    func frames(_ seconds: Double) -> Int64 {
        Int64(saturating: seconds * Double(format?.sampleRate ?? 1))
    }
}
