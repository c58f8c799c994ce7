// The recorder's thread, and what the delivery thread says to it and hears from it.

import AudioCore
import CLinux
import Events
import Glibc
import Synchronization

/// Records sources on a thread of its own, which alone waits for the disk: what hears and what sends events never does.
///
/// Everything here is for the delivery thread, and none of it waits for the disk.
public final class Recorder: Sendable {
    /// Notes that may wait before levels are left out, and before the recorder is given up because its disk hangs.
    static let levelLimit = 20_000
    static let limit = 500_000

    private let inbox = Mutex(Inbox())
    private let outbox: Mutex<Outbox>
    private let isFinished = Atomic<Bool>(false)
    private let wake: @Sendable () -> Void

    private struct Inbox {
        var notes: [Note] = []
        var isGivenUp = false
    }

    private struct Outbox {
        var news: [(source: Int, change: RecordingChange)] = []
        var statuses: [RecordingStatus]
    }

    private enum Note {
        case event(Event, source: Int)
        case progress([Int64], isOver: Bool, source: Int)
        case ask(RecordingAction, source: Int?)
        case apply(RecordingSettings)
        case finish
    }

    private final class Start {
        let sources: [SourceRecorder]
        let recorder: Recorder

        init(_ sources: [SourceRecorder], _ recorder: Recorder) {
            self.sources = sources
            self.recorder = recorder
        }
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - sources: whom to record; notes name them by their place in this list.
    ///   - wake: called from the recorder's thread when there is news.
    public init(
        _ sources: sending [RecordedSource], _ settings: RecordingSettings, wake: @escaping @Sendable () -> Void
    ) throws(RecordingError) {
        outbox = Mutex(Outbox(statuses: sources.map { RecordingStatus(name: $0.name) }))
        self.wake = wake
        let start = Unmanaged.passRetained(Start(sources.map { SourceRecorder($0, settings) }, self))
        var thread = pthread_t()
        let error = pthread_create(&thread, nil, Self.main, start.toOpaque())
        guard error == 0 else {
            start.release()
            throw .unwritable(
                path: settings.folder, detail: "the system refused a thread: \(String(cString: strerror(error)))")
        }
        pthread_detach(thread)
    }

    /// An event of a source.
    public func note(_ event: Event, source: Int) {
        let isLevel = event.kind == .activity
        inbox.withLock { inbox in
            guard !isLevel || inbox.notes.count < Self.levelLimit else { return }
            push(.event(event, source: source), &inbox)
        }
    }

    /// All events of a source up to these frames of its streams were noted; `isOver` when there will be no more.
    public func progress(_ frames: [Int64], isOver: Bool, source: Int) {
        inbox.withLock { inbox in
            // Only the newest counts, unless events came between.
            if case .progress(_, _, source) = inbox.notes.last { inbox.notes.removeLast() }
            push(.progress(frames, isOver: isOver, source: source), &inbox)
        }
    }

    /// Asks for something, of all sources or of one.
    public func ask(_ action: RecordingAction, source: Int?) {
        inbox.withLock { push(.ask(action, source: source), &$0) }
    }

    /// Puts other settings into force, but for the folder.
    public func apply(_ settings: RecordingSettings) {
        inbox.withLock { push(.apply(settings), &$0) }
    }

    private func push(_ note: Note, _ inbox: inout Inbox) {
        guard !inbox.isGivenUp else { return }
        inbox.notes.append(note)
        guard inbox.notes.count > Self.limit else { return }
        inbox.isGivenUp = true
        inbox.notes = []
        outbox.withLock { outbox in
            for index in outbox.statuses.indices {
                outbox.statuses[index].state = .failed
                outbox.statuses[index].message = "the disk does not answer: recording is given up until a restart"
                outbox.news.append(
                    (
                        index,
                        .init(
                            state: .failed, session: outbox.statuses[index].session,
                            message: outbox.statuses[index].message)
                    ))
            }
        }
    }

    /// Takes what became of the recordings since the last time.
    public func takeNews() -> [(source: Int, change: RecordingChange)] {
        outbox.withLock { outbox in
            let news = outbox.news
            outbox.news = []
            return news
        }
    }

    /// How each source's recording is.
    public var statuses: [RecordingStatus] { outbox.withLock { $0.statuses } }

    /// Ends all recordings in order and waits for it; false when the disk did not let it end within the time.
    @discardableResult
    public func finish(withinMilliseconds limit: Int) -> Bool {
        inbox.withLock { push(.finish, &$0) }
        let end = SystemClock.monotonic + Int64(limit) * 1_000_000
        while !isFinished.load(ordering: .acquiring) {
            guard SystemClock.monotonic < end else { return false }
            SystemClock.sleep(nanoseconds: 1_000_000)
        }
        return true
    }

    // MARK: The recorder's thread

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { opaque in
        guard let opaque else { return nil }
        let start = Unmanaged<Start>.fromOpaque(opaque).takeRetainedValue()
        timbre_thread_name("recorder")
        start.recorder.run(start.sources)
        return nil
    }

    private func run(_ sources: [SourceRecorder]) {
        sources.first?.store.removeUnfinished()
        var isLast = false
        while !isLast {
            let notes = inbox.withLock { inbox in
                let notes = inbox.notes
                inbox.notes = []
                return notes
            }
            let now = SystemClock.monotonic
            for note in notes { isLast = hand(note, to: sources) || isLast }
            for source in sources {
                source.look(at: now)
                source.turn(isLast: isLast)
                source.settle()
            }
            publish(sources)
            if !isLast { SystemClock.sleep(nanoseconds: 20_000_000) }
        }
        isFinished.store(true, ordering: .releasing)
    }

    /// True when it is time to end.
    private func hand(_ note: Note, to sources: [SourceRecorder]) -> Bool {
        switch note {
        case .event(let event, let source): sources[source].take(event)
        case .progress(let frames, let isOver, let source): sources[source].take(positions: frames, isOver: isOver)
        case .ask(let action, let source):
            for (index, recorder) in sources.enumerated() where source == nil || source == index {
                recorder.ask(action)
            }
        case .apply(let settings):
            for source in sources { source.apply(settings) }
        case .finish: return true
        }
        return false
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
