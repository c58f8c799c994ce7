// The state of the daemon for the live view, updated event by event.

import AudioCore
import Events

/// The state of the live view, computed only from events.
struct WatchState: Equatable {
    /// One instrument of one stream.
    struct Voice: Equatable {
        /// The last activity, 0 to 1.
        var level: Float = 0
        /// Time of its `on`, in seconds of the stream; nil while it is off.
        var since: Double?
    }

    /// One stream: a source, or one channel of it.
    struct Stream: Equatable {
        var voices: [String: Voice] = [:]
        /// The newest time, in seconds of the stream.
        var time = 0.0
        /// dBFS; nil while there is no audio.
        var peak: Float?
        /// nil until the first event with a state.
        var health: SourceState?
        /// The message of the state, or of the last gap or mark.
        var message: String?
        var gaps = 0
        /// The tags of the last seconds, most probable first; only reported tags.
        var tags: [String] = []
    }

    var source = ""
    var model: String?
    /// Latency of the analysis, in milliseconds.
    var latency: Double?
    /// In the order of the view: by family, then by name.
    var instruments: [String] = []
    var families: [String: String] = [:]
    var streamNames: [String] = []
    var streams: [String: Stream] = [:]
    /// The reason why no events arrive: not connected, or the daemon's reason for closing.
    var trouble: String?

    /// Whether the state is complete: the health of each stream, and the levels of the running ones.
    var isComplete: Bool {
        !streams.isEmpty && streams.values.allSatisfy { $0.health != nil && ($0.health != .running || $0.peak != nil) }
    }

    /// Processes one event.
    mutating func apply(_ event: Event) {
        switch event.body {
        case .hello(let hello): begin(hello)
        case .snapshot(let snapshot): replace(snapshot)
        case .closing(let reason): trouble = "the daemon closed: \(reason)"
        case .lagged, .reply: break
        case .on, .off, .activity, .tags, .health, .discontinuity, .mark, .recording:
            guard let position = event.position else { return }
            if streams[position.stream] == nil { streamNames.append(position.stream) }
            streams[position.stream, default: Stream()].apply(event.body, at: position.time.seconds)
        }
    }

    private mutating func begin(_ hello: Hello) {
        self = WatchState()
        source = hello.source
        model = hello.model?.name
        latency = hello.latencyMilliseconds
        for instrument in hello.instruments { families[instrument.name] = instrument.family }
        instruments = families.keys.sorted {
            (Family.rank(of: families[$0]), $0) < (Family.rank(of: families[$1]), $1)
        }
        streamNames = hello.streams
        for name in streamNames { streams[name] = Stream() }
    }

    private mutating func replace(_ snapshot: Snapshot) {
        for name in streams.keys {
            for instrument in instruments { streams[name]?.voices[instrument]?.since = nil }
        }
        for active in snapshot.active {
            streams[active.stream, default: Stream()].voices[active.instrument, default: Voice()].since = active.since
        }
        for entry in snapshot.health { streams[entry.stream, default: Stream()].health = entry.state }
    }
}

extension WatchState.Stream {
    fileprivate mutating func apply(_ body: Event.Body, at seconds: Double) {
        time = max(time, seconds)
        switch body {
        case .on(let on): voices[on.instrument, default: .init()].since = seconds
        case .off(let off): voices[off.instrument, default: .init()].since = nil
        case .activity(let activity):
            for (instrument, level) in zip(activity.instruments, activity.levels) {
                voices[instrument, default: .init()].level = level
            }
            peak = activity.peak
        case .health(let new):
            health = new.state
            message = new.state == .running || new.message.isEmpty ? nil : new.message
            if new.state != .running { silence() }
        case .discontinuity(let gap):
            gaps += 1
            let lost = gap.lostSeconds > 0 ? ", about \(fixed(gap.lostSeconds, decimals: 2)) s lost" : ""
            message = "gap: \(gap.reason.rawValue)\(lost)"
        case .tags(let new):
            tags = new.tags.filter { $0.attention != nil }.sorted { $0.probability > $1.probability }.map(\.instrument)
        case .mark(let text): message = "mark: \(text)"
        case .recording(let change): message = "recording \(change.state.rawValue): \(change.message)"
        case .hello, .snapshot, .lagged, .closing, .reply: break
        }
    }

    /// No audio is processed any more, so all levels are reset.
    private mutating func silence() {
        for instrument in voices.keys { voices[instrument]?.level = 0 }
        peak = nil
        tags = []
    }
}
