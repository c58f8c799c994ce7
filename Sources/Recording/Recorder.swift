// The recorder's thread, and its interface to the delivery thread.

import AudioCore
import Configuration
import Events
import Synchronization
import System

/// Records sources on its own thread. Only this thread waits for the disk; analysis and delivery never do.
///
/// The delivery thread calls all members, and none of them waits for the disk, except that `finish` waits up to its
/// limit.
public final class Recorder: Sendable {
    /// Number of waiting events above which `activity` is omitted, and above which recording is abandoned because the
    /// disk hangs.
    static let levelLimit = 20_000
    static let limit = 500_000

    private let inbox = Mutex(Inbox())
    private let outbox: Mutex<Outbox>
    private let isFinished = Atomic<Bool>(false)
    private let limit: Int
    private let sources: Int
    private let wake: @Sendable () -> Void
    private let rest: @Sendable () -> Void

    private struct Inbox {
        var notes: [Note] = []
        /// The newest report of each source's progress; every event in `notes` arrived before it or has a later
        /// position in the stream.
        var progress: [Int: Progress] = [:]
        var isGivenUp = false
        var isFinishing = false
    }

    private struct Progress {
        var frames: [Int64]
        var isOver: Bool
    }

    private struct Outbox {
        var news: [(source: Int, change: RecordingChange)] = []
        var statuses: [RecordingStatus]
    }

    private enum Note {
        case event(Event, source: Int)
        case ask(RecordingAction, source: Int?)
        case apply(RecordSettings)
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - sources: the sources to record; `note` identifies them by their index in this list.
    ///   - wake: called on the recorder's thread when there is news.
    public convenience init(
        _ sources: sending [RecordedSource], folder: String, _ settings: RecordSettings,
        wake: @escaping @Sendable () -> Void
    ) throws(RecordingError) {
        try self.init(sources, folder: folder, settings, limit: Self.limit, wake: wake) {
            SystemClock.sleep(nanoseconds: 20_000_000)
        }
    }

    /// The same with another limit of waiting events, and a function that the recorder's thread calls between two
    /// rounds.
    init(
        _ sources: sending [RecordedSource], folder: String, _ settings: RecordSettings, limit: Int,
        wake: @escaping @Sendable () -> Void, rest: @escaping @Sendable () -> Void
    ) throws(RecordingError) {
        self.limit = limit
        self.rest = rest
        outbox = Mutex(Outbox(statuses: sources.map { RecordingStatus(name: $0.name) }))
        self.wake = wake
        self.sources = sources.count
        let settings = Self.share(settings, sources.count)
        let room = SessionRoom(SessionStore(path: folder))
        let recorders = sources.map { SourceRecorder($0, folder: folder, settings, room: room) }
        do throws(SystemError) {
            try DetachedThread.start("recorder") { [self] in run(recorders) }
        } catch {
            throw .unwritable(path: folder, detail: "the system refused a thread: \(error)")
        }
    }

    /// Queues an event of a source.
    public func note(_ event: Event, source: Int) {
        let isLevel = event.kind == .activity
        inbox.withLock { inbox in
            guard !isLevel || inbox.notes.count < Self.levelLimit else { return }
            push(.event(event, source: source), &inbox)
        }
    }

    /// Reports that all events of a source up to these frames of its streams were passed to `note`; `isOver` when
    /// there will be no more.
    public func progress(_ frames: [Int64], isOver: Bool, source: Int) {
        inbox.withLock { $0.progress[source] = Progress(frames: frames, isOver: isOver) }
    }

    /// Requests an action for all sources or for one.
    public func ask(_ action: RecordingAction, source: Int?) {
        inbox.withLock { push(.ask(action, source: source), &$0) }
    }

    /// Applies new settings, except the folder.
    public func apply(_ settings: RecordSettings) {
        inbox.withLock { push(.apply(Self.share(settings, sources)), &$0) }
    }

    /// Divides the memory for the pre-roll among all sources.
    private static func share(_ settings: RecordSettings, _ sources: Int) -> RecordSettings {
        var settings = settings
        settings.preRollBytes /= max(1, sources)
        return settings
    }

    private func push(_ note: Note, _ inbox: inout Inbox) {
        guard !inbox.isGivenUp else { return }
        inbox.notes.append(note)
        guard inbox.notes.count > limit else { return }
        inbox.isGivenUp = true
        inbox.notes = []
        outbox.withLock { outbox in
            for index in outbox.statuses.indices {
                outbox.statuses[index].state = .failed
                outbox.statuses[index].message = SourceRecorder.givenUp
                outbox.news.append(
                    (
                        index,
                        .init(
                            state: .failed, session: outbox.statuses[index].session, message: SourceRecorder.givenUp)
                    ))
            }
        }
    }

    /// Removes and returns the changes of the recordings since the last call.
    public func takeNews() -> [(source: Int, change: RecordingChange)] {
        outbox.withLock { outbox in
            let news = outbox.news
            outbox.news = []
            return news
        }
    }

    /// The state of each source's recording.
    public var statuses: [RecordingStatus] { outbox.withLock { $0.statuses } }

    /// Ends all recordings properly and waits for it; returns false when the disk did not complete that within the
    /// time.
    @discardableResult
    public func finish(withinMilliseconds limit: Int) -> Bool {
        finish(until: SystemClock.monotonic + Int64(limit) * 1_000_000)
    }

    /// The same until `deadline`, in nanoseconds of the monotonic clock.
    @discardableResult
    public func finish(until deadline: Int64) -> Bool {
        inbox.withLock { $0.isFinishing = true }
        while !isFinished.load(ordering: .acquiring) {
            guard SystemClock.monotonic < deadline else { return false }
            SystemClock.sleep(nanoseconds: 1_000_000)
        }
        return true
    }

    // MARK: The recorder's thread

    private func run(_ sources: [SourceRecorder]) {
        sources.first?.store.removeUnfinished()
        var isLast = false
        while !isLast {
            let taken = inbox.withLock { inbox in
                let taken = inbox
                inbox.notes = []
                inbox.progress = [:]
                return taken
            }
            isLast = taken.isFinishing
            let now = SystemClock.monotonic
            if taken.isGivenUp { for source in sources { source.giveUp() } }
            for note in taken.notes { hand(note, to: sources) }
            for (index, progress) in taken.progress {
                sources[index].take(positions: progress.frames, isOver: progress.isOver)
            }
            for source in sources {
                source.look(at: now)
                source.turn(isLast: isLast)
                source.settle()
            }
            publish(sources)
            if !isLast { rest() }
        }
        isFinished.store(true, ordering: .releasing)
    }

    private func hand(_ note: Note, to sources: [SourceRecorder]) {
        switch note {
        case .event(let event, let source): sources[source].take(event)
        case .ask(let action, let source):
            for (index, recorder) in sources.enumerated() where source == nil || source == index {
                recorder.ask(action)
            }
        case .apply(let settings):
            for source in sources { source.apply(settings) }
        }
    }

    private func publish(_ sources: [SourceRecorder]) {
        let hasNews = outbox.withLock { outbox in
            for (index, source) in sources.enumerated() {
                outbox.statuses[index] = source.status
                outbox.news += source.news.map { (index, $0) }
                source.news = []
            }
            return !outbox.news.isEmpty
        }
        if hasNews { wake() }
    }
}

/// A recording action.
public enum RecordingAction: String, CaseIterable, Sendable {
    /// Records from now (and the seconds before) until another action.
    case start
    /// Does not record, regardless of the configuration, until another action.
    case stop
    /// Records according to the configuration.
    case auto
}
