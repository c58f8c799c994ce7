// One source on the recorder's thread: brings its sound and its events together on one clock.

import AudioCore
import Events

/// Follows the sound and the events of one source and records when there is a cause.
///
/// Sound is taken from its lane only up to where the events are known, so that at every place both are there, and what is
/// decided does not depend on which came first. Recorder's thread only.
final class SourceRecorder {
    /// Longest gap that silence stands for, in seconds; after a longer one another session begins.
    static let longestSilence = 10.0
    /// Blocks in a second, each of which has a level.
    static let blocksPerSecond = 20

    let source: RecordedSource
    var settings: RecordingSettings
    var trigger: Trigger
    var plan = RecordingPlan()
    var session: SessionWriter?
    var status: RecordingStatus
    /// What the delivery thread is to be told.
    var news: [RecordingChange] = []
    /// Place of the next frame, and when it was heard.
    var place: Int64 = 0
    var format: AudioFormat?
    var timeline: StreamTimeline
    var preRoll = PreRoll()
    /// Events since the beginning of the pre-roll, and what was on before them.
    var lines: [(place: Int64, event: Event)] = []
    var board = StateBoard()
    /// Gaps since the beginning of the pre-roll.
    var gaps: [(place: Int64, frames: Int, reason: String)] = []
    /// Where the last session ended: the next does not begin before.
    var lastEnd = Int64.min
    /// Nothing will follow, so nothing is begun any more.
    private(set) var hasEnded = false
    /// When a failed recording is tried again, in nanoseconds of the monotonic clock.
    var retryAt: Int64 = 0
    var nextLook: Int64 = 0
    var nextInventory: Int64 = 0
    var store: SessionStore { SessionStore(path: settings.folder) }

    private var marks: [RecordMark] = []
    /// The rate of the newest mark that was taken, which may be ahead of `format`.
    private var markRate = 1
    private var available = 0
    private var pending: [Event] = []
    private var grid: ActivityGrid
    private var positions: [Int64] = []
    private var isOver = false
    private var wall: (place: Int64, nanoseconds: Int64) = (0, 0)
    private var block: [Float] = []
    private var level = BlockLevel(frames: 1, channels: 1)

    init(_ source: RecordedSource, _ settings: RecordingSettings) {
        self.source = source
        self.settings = settings
        trigger = Trigger(settings.trigger)
        timeline = StreamTimeline(streamRate: source.hello.rate)
        grid = ActivityGrid(rate: settings.activityRate)
        status = RecordingStatus(name: source.name)
    }

    // MARK: What the delivery thread says

    func take(_ event: Event) {
        if case .activity = event.body, let place = event.place, !grid.admits(place) { return }
        pending.append(event)
    }

    /// Everything up to these frames of the streams was said; `isOver` when nothing more will be.
    func take(positions: [Int64], isOver: Bool) {
        self.positions = positions
        self.isOver = isOver
    }

    func apply(_ settings: RecordingSettings) {
        let wasBefore = self.settings.before
        self.settings = settings
        trigger.settings = settings.trigger
        grid.rate = settings.activityRate
        if settings.before != wasBefore, let format { keepPreRoll(format) }
    }

    func ask(_ action: RecordingAction) {
        trigger.ask(action)
        // Whoever asks does not want to wait for the next try.
        retryAt = 0
        status.message = ""
        status.orders += 1
    }

    // MARK: The clock

    /// Does what can be done now; the last time, everything.
    func turn(isLast: Bool) {
        // Before the marks: whoever sees a sample sees the marks before it.
        available = source.feed.available
        while let mark = source.feed.nextMark() { receive(mark) }
        for event in pending {
            let place = event.place.flatMap { timeline.place(of: $0.time.frame, stream: $0.stream) } ?? place
            advance(to: place)
            note(event, at: place)
        }
        pending.removeAll(keepingCapacity: true)
        if isOver || isLast {
            advance(to: .max)
            end(isOver ? "the source ended" : "the program was stopped")
        } else {
            // A source advances all its streams together, so the least of them is where all are.
            let known = positions.enumerated().map {
                timeline.place(of: $0.element, stream: source.streamName($0.offset)) ?? place
            }
            if let least = known.min() { advance(to: least) }
            // Who says stop does not wait for a device that is silent.
            decide()
        }
        forget()
    }

    /// When the frame at a place was heard.
    func wall(at place: Int64) -> WallTime? {
        guard source.hasWall, let format else { return nil }
        let passed = Double(place - wall.place) / Double(format.sampleRate)
        return WallTime(nanoseconds: wall.nanoseconds + Int64(passed * 1e9))
    }

    private func receive(_ mark: RecordMark) {
        switch mark.kind {
        case .opened(let format, _): markRate = format.sampleRate
        case .anchor(let stream, let frame):
            timeline.add(
                .init(frame: frame, place: mark.place, rate: markRate), stream: source.streamName(stream))
        case .gap, .dropped, .ended: break
        }
        marks.append(mark)
    }

    /// Takes the sound up to a place, as far as it has come.
    private func advance(to end: Int64) {
        while place < end {
            decide()
            if let mark = marks.first, mark.position == source.feed.position {
                marks.removeFirst()
                pass(mark)
                continue
            }
            guard let format else { return }
            let samples = min(available, marks.first?.position ?? .max) - source.feed.position
            let run = min(
                Int64(samples / format.channels), end - place, Int64(block.count / format.channels),
                plan.run(from: place, part: frames(settings.part)))
            guard run > 0 else { return }
            hear(Int(run) * format.channels, channels: format.channels)
        }
    }

    private func hear(_ count: Int, channels: Int) {
        let got = block.withUnsafeMutableBufferPointer {
            source.feed.read(UnsafeMutableBufferPointer(rebasing: $0[..<count]))
        }
        block.withUnsafeBufferPointer { block in
            let frames = UnsafeBufferPointer(rebasing: block[..<got])
            preRoll.append(frames)
            if settings.trigger.level != nil, let level = level.process(frames) { trigger.note(level: level) }
            guard let session else { return }
            attempt { () throws(RecordingError) in try session.write(frames) }
        }
        place += Int64(got / channels)
    }

    private func pass(_ mark: RecordMark) {
        switch mark.kind {
        case .opened(let new, let continues):
            if !continues || new != format { interrupt(by: "the source was opened with another format", new, mark) }
            wall = (mark.place, mark.wall)
        case .anchor(let stream, let frame):
            session?.anchor(
                .init(frame: frame, place: mark.place, rate: markRate), stream: source.streamName(stream))
        case .gap(let frames, let reason):
            miss(frames, reason.rawValue, mark)
            wall = (mark.place, mark.wall)
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
        gaps.append((place, count, reason))
        preRoll.appendSilence(count)
        place = mark.place
        guard let session else { return }
        attempt { () throws(RecordingError) in try session.gap(count, reason: reason) }
    }

    /// What follows does not belong to what was before.
    private func interrupt(by cause: String, _ new: AudioFormat, _ mark: RecordMark) {
        let before = session?.manifest
        end(cause)
        format = new
        place = mark.place
        wall = (mark.place, mark.wall)
        let frames = max(1, new.sampleRate / Self.blocksPerSecond)
        block = [Float](repeating: 0, count: frames * new.channels)
        level = BlockLevel(frames: frames, channels: new.channels)
        keepPreRoll(new)
        if let before, let cause = trigger.cause { begin(cause, continuing: before) }
    }

    private func keepPreRoll(_ format: AudioFormat) {
        for line in lines { board.note(line.event) }
        lines.removeAll()
        gaps.removeAll()
        preRoll.reset(frames: Int(frames(settings.before)), channels: format.channels, place: place)
    }

    private func note(_ event: Event, at place: Int64) {
        trigger.note(event)
        lines.append((place, event))
        session?.line(event, place: place)
        decide()
    }

    /// Lets go of what lies before the pre-roll.
    private func forget() {
        let start = preRoll.start
        let old = lines.prefix { $0.place <= start }
        for line in old { board.note(line.event) }
        lines.removeFirst(old.count)
        gaps.removeAll { $0.place + Int64($0.frames) <= start }
        timeline.forget(before: start)
    }

    /// Frames of so many seconds.
    func frames(_ seconds: Double) -> Int64 {
        Int64(seconds * Double(format?.sampleRate ?? 1))
    }
}
