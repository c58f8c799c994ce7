// One source on the delivery thread: turns the reports of its streams into events.

import AudioInput
import Events

/// Keeps one tracker for each stream of a source and its health. Delivery thread only.
struct SourceDelivery {
    /// What all streams of the engine share.
    struct Shared {
        var instruments: [Hello.Instrument]
        var rate: Int
        var hop: Int
        var settings: TrackerSettings
        /// nil when nothing is tagged.
        var tagWords: TagWords?
        /// nil when tags have no say in events.
        var tagSupport: TagSupport?
    }

    /// Digital silence for this many seconds is worth a word: a muted or dead input sounds like that.
    static let silence = 10.0

    let name: String
    let specification: SourceSpecification
    let selection: ChannelSelection
    let options: SourceOptions
    let status = SourceStatus()
    private(set) var hasEnded = false
    private(set) var trackers: [EventTracker] = []
    private(set) var health: [Health.State] = []

    init(name: String, specification: SourceSpecification, selection: ChannelSelection, options: SourceOptions) {
        self.name = name
        self.specification = specification
        self.selection = selection
        self.options = options
    }

    /// The streams known so far; a source whose every channel is a stream shows them when it was opened.
    var streams: [String] { trackers.isEmpty ? [streamName(0)] : trackers.map(\.stream) }

    private func streamName(_ channel: Int) -> String {
        selection == .each ? "\(name).\(channel + 1)" : name
    }

    /// One object for the `status` command.
    var statusReport: JSONValue {
        .object([
            .init("name", .string(name)),
            .init("source", .string(specification.description)),
            .init("state", .string(status.state.description)),
            .init("message", .string(status.message)),
            .init("streams", .array(streams.map(JSONValue.string))),
            .init("frames", .number(Double(status.frames))),
            .init("lost_frames", .number(Double(status.lost))),
            .init("openings", .number(Double(status.opens))),
        ])
    }

    /// Takes one report and says what it means.
    mutating func take(
        _ report: AnalysisReport, _ content: AnalysisConsumer.Content, _ shared: Shared, _ emit: (Event) -> Void
    ) {
        let channel = Int(report.channel)
        while trackers.count <= channel {
            // The settings were made from the same list of instruments, so the tracker has nothing to refuse.
            guard
                let tracker = try? EventTracker(
                    stream: streamName(trackers.count), instruments: shared.instruments,
                    clock: StreamClock(rate: shared.rate), hop: shared.hop, settings: shared.settings)
            else { return }
            trackers.append(tracker)
            health.append(.waiting)
        }
        let wall = specification.isReplay ? nil : WallTime(nanoseconds: report.wall)
        switch report.kind {
        case .frame(let peak, let rms, let silentSamples):
            guard let base = content.activities.baseAddress else { return }
            listen(channel, silentSeconds: Double(silentSamples) / Double(shared.rate), emit)
            trackers[channel].feed(frame: report.frame, activities: base, peak: peak, rms: rms, emit: emit)
        case .tags(let start, let end, let origin):
            guard let words = shared.tagWords else { return }
            let tracker = trackers[channel]
            let tags = words.tags(content.tags, start: start, end: end, origin: origin, clock: tracker.clock)
            emit(Event(stream: tracker.stream, time: tracker.clock.time(at: tracker.position), .tags(tags)))
            guard let support = shared.tagSupport else { return }
            let patience = Int64(TagSupport.patience * Double(shared.rate))
            trackers[channel].support(support.support(content.tags), until: tracker.position + patience)
        case .anchor:
            if let wall { trackers[channel].clock.setAnchor(frame: report.frame, wall: wall) }
        case .gap(let cause, let lostSeconds):
            trackers[channel].discontinuity(
                Discontinuity.Reason(cause), lostSeconds: lostSeconds, frame: report.frame, anchor: wall, emit: emit)
        case .rateChanged:
            trackers[channel].discontinuity(
                .rateChange, lostSeconds: 0, frame: report.frame, anchor: wall, emit: emit)
        case .state(let state, let code):
            hasEnded = state.isFinal
            if state != .running && state != .opening { trackers[channel].end(emit) }
            emit(change(Health.State(state), channel, message(state, code)))
        }
    }

    /// Sends off what is on, as the program ends.
    mutating func end(_ emit: (Event) -> Void) {
        for index in trackers.indices { trackers[index].end(emit) }
    }

    /// Changes thresholds and times while running.
    mutating func apply(_ settings: TrackerSettings) {
        // As above: there is nothing to refuse.
        for index in trackers.indices { try? trackers[index].apply(settings) }
    }

    private mutating func listen(_ channel: Int, silentSeconds: Double, _ emit: (Event) -> Void) {
        if silentSeconds > Self.silence, health[channel] == .running, !specification.isReplay {
            emit(
                change(
                    .silent, channel,
                    "nothing but digital silence for \(Int(Self.silence)) s: is the input muted or unplugged?"))
        } else if silentSeconds == 0, health[channel] == .silent {
            emit(change(.running, channel, "sound again"))
        }
    }

    private mutating func change(_ state: Health.State, _ channel: Int, _ message: String) -> Event {
        health[channel] = state
        let tracker = trackers[channel]
        return Event(
            stream: tracker.stream, time: tracker.clock.time(at: tracker.position),
            .health(Health(state: state, source: specification.description, message: message)))
    }

    /// What made the source fail.
    var failure: String {
        status.message.isEmpty ? "\(specification): \(specification.explain(status.code))" : status.message
    }

    private func message(_ state: SourceState, _ code: Int32) -> String {
        switch state {
        case .waiting: status.message
        case .opening: "the source is open"
        case .running: "audio arrives"
        case .stalled: "the source is open and no audio comes"
        case .lost: "the source broke off: \(specification.explain(code)); it is looked for again"
        case .ended: "the source has ended"
        case .failed: failure
        }
    }
}
