// One source on the delivery thread: converts the reports of its streams to events.

import AudioCore
import AudioInput
import Events
import JSON

/// Owns the trackers and the health of each stream of a source. Delivery thread only.
struct SourceDelivery {
    /// The settings that all streams of the engine share.
    struct Shared {
        var instruments: [Hello.Instrument]
        var rate: Int
        var hop: Int
        var settings: TrackerSettings
        /// nil when there are no tags.
        var tagFormatter: TagFormatter?
        /// nil when tags do not influence events.
        var tagSupport: TagSupport?
    }

    /// Seconds of digital silence after which the state is reported as silent: a muted or dead input looks like this.
    static let silence = 10.0

    let name: String
    let specification: SourceSpecification
    let selection: ChannelSelection
    let options: SourceOptions
    /// Whether the audio has a wall time; a recording has none.
    let hasWall: Bool
    let status = SourceStatus()
    private(set) var hasEnded = false
    private(set) var trackers: [EventTracker] = []
    private(set) var health: [SourceState] = []
    /// Level of the newest hop of each stream, in dBFS.
    private(set) var levels: [Float] = []

    /// - Parameter hasWall: false where even a live source carries a recording, like standard input in a replay.
    init(
        name: String, specification: SourceSpecification, selection: ChannelSelection, options: SourceOptions,
        hasWall: Bool = true
    ) {
        self.name = name
        self.specification = specification
        self.selection = selection
        self.options = options
        self.hasWall = hasWall && !specification.isReplay
    }

    /// The streams known so far; with `each`, the streams are known once the source was opened.
    var streams: [String] { trackers.isEmpty ? [streamName(0)] : trackers.map(\.stream) }

    private func streamName(_ channel: Int) -> String {
        selection == .each ? "\(name).\(channel + 1)" : name
    }

    /// Whether every stream of a running source has been silent for `silence` seconds.
    private var isSilent: Bool {
        status.state == .running && !health.isEmpty && health.allSatisfy { $0 == .silent }
    }

    /// The state from the capture thread, or `silent` when every stream is digitally silent.
    var state: SourceState { isSilent ? .silent : status.state }

    private var silenceMessage: String {
        "nothing but digital silence for \(Int(Self.silence)) s: is the input muted or unplugged?"
    }

    /// The source's object for the `status` command.
    var statusReport: JSONValue {
        .object([
            .init("name", .string(name)),
            .init("source", .string(specification.description)),
            .init("state", .string(state.description)),
            .init("device", .string(status.device)),
            .init("message", .string(isSilent ? silenceMessage : status.message)),
            .init("streams", .array(streams.map(JSONValue.string))),
            .init("noise_floor_dbfs", .object(trackers.map { .init($0.stream, $0.floorReport) })),
            .init("frames", .number(Double(status.frames))),
            .init("lost_frames", .number(Double(status.lost))),
            .init("openings", .number(Double(status.opens))),
        ])
    }

    /// Processes one report and emits the resulting events.
    mutating func take(
        _ report: AnalysisReport, _ content: AnalysisConsumer.Content, _ shared: Shared, _ emit: (Event) -> Void
    ) {
        let channel = Int(report.channel)
        while trackers.count <= channel {
            // The settings were made from the same list of instruments, so the tracker does not throw.
            guard
                let tracker = try? EventTracker(
                    stream: streamName(trackers.count), instruments: shared.instruments,
                    clock: StreamClock(rate: shared.rate), hop: shared.hop, settings: shared.settings)
            else { return }
            trackers.append(tracker)
            health.append(.waiting)
            levels.append(Activity.lowestLevel)
        }
        let wall = !hasWall ? nil : WallTime(nanoseconds: report.wall)
        switch report.kind {
        case .frame(let peak, let rms, let silentSamples):
            guard let base = content.activities.baseAddress else { return }
            levels[channel] = rms
            listen(channel, silentSeconds: Double(silentSamples) / Double(shared.rate), emit)
            trackers[channel].feed(frame: report.frame, activities: base, peak: peak, rms: rms, emit: emit)
        case .tags(let start, let end, let origin):
            guard let words = shared.tagFormatter else { return }
            let tracker = trackers[channel]
            let tags = words.tags(content.tags, start: start, end: end, origin: origin, clock: tracker.clock)
            emit(Event(stream: tracker.stream, time: tracker.clock.time(at: tracker.position), .tags(tags)))
            guard let support = shared.tagSupport else { return }
            let timeout = Int64(saturating: TagSupport.timeout * Double(shared.rate))
            trackers[channel].support(support.support(content.tags), until: tracker.position + timeout)
        case .anchor:
            if let wall { trackers[channel].clock.setAnchor(frame: report.frame, wall: wall) }
        case .gap(let cause, let lostSeconds):
            trackers[channel].discontinuity(
                cause, lostSeconds: lostSeconds, frame: report.frame, anchor: wall, emit: emit)
        case .rateChanged:
            trackers[channel].discontinuity(
                .rateChange, lostSeconds: 0, frame: report.frame, anchor: wall, emit: emit)
        case .alone(let number):
            emit(
                change(
                    health[channel], channel, number < 0 ? "the mix of all channels is analysed again" : alone(number)))
        case .state(let state, let code):
            hasEnded = state.isFinal
            if state != .running && state != .opening { trackers[channel].end(emit) }
            emit(change(state, channel, message(state, code)))
        }
    }

    /// Emits `off` for the active instruments when the program ends.
    mutating func end(_ emit: (Event) -> Void) {
        for index in trackers.indices { trackers[index].end(emit) }
    }

    /// Changes thresholds and times while running.
    mutating func apply(_ settings: TrackerSettings) {
        // As above, this does not throw.
        for index in trackers.indices { try? trackers[index].apply(settings) }
    }

    private mutating func listen(_ channel: Int, silentSeconds: Double, _ emit: (Event) -> Void) {
        if silentSeconds > Self.silence, health[channel] == .running, !specification.isReplay {
            emit(
                change(.silent, channel, silenceMessage))
        } else if silentSeconds == 0, health[channel] == .silent {
            emit(change(.running, channel, "sound again"))
        }
    }

    private mutating func change(_ state: SourceState, _ channel: Int, _ message: String) -> Event {
        health[channel] = state
        let tracker = trackers[channel]
        return Event(
            stream: tracker.stream, time: tracker.clock.time(at: tracker.position),
            .health(Health(state: state, source: specification.description, message: message)))
    }

    private func alone(_ number: Int32) -> String {
        "the channels cancel each other, so that their mix is nearly silent: channel \(number + 1) is analysed alone "
            + "(channels = \(number + 1) selects it permanently); is one pole of a balanced line swapped?"
    }

    /// The reason why the source failed.
    var failure: String {
        status.message.isEmpty ? "\(specification): \(specification.explain(status.code))" : status.message
    }

    private func message(_ state: SourceState, _ code: Int32) -> String {
        switch state {
        case .waiting: status.message
        case .opening: "the source is open"
        case .silent: silenceMessage
        case .running: status.device.isEmpty ? "audio arrives" : "audio arrives from \(status.device)"
        case .stalled: "the source is open and no audio comes"
        case .lost: "the source broke off: \(specification.explain(code)); it is looked for again"
        case .ended: "the source has ended"
        case .failed: failure
        }
    }
}

extension EventTracker {
    /// The noise floor rounded to 0.1 dB, null while it is unknown.
    fileprivate var floorReport: JSONValue {
        noiseFloor.map { .number((Double($0) * 10).rounded() / 10) } ?? .null
    }
}
