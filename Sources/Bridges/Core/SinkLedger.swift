// Records which instruments are on for a sink, so that every one of them is switched off in all cases.

import AudioCore
import Events

/// Converts the daemon's events to those of one sink: filtered, thinned, and without gaps. A pure value.
///
/// A snapshot is emitted after the `on` and `off` events that lead to it. The end of the connection becomes an `off`
/// for every active instrument and a `health` of every stream. Every emitted `on` is followed by exactly one `off`
/// before the next `on` of the same instrument and stream.
struct SinkLedger {
    let filter: SinkFilter
    private var lit: [Snapshot.Active] = []
    private var times: [String: StreamTime] = [:]
    /// Instruments whose levels were sent, by stream, while they are not known to be 0.
    private var raised: [String: [String]] = [:]
    private var health: [Snapshot.StreamHealth] = []
    private var hello: Hello?
    private var families: [String: String] = [:]
    private var grid: ActivityGrid

    init(_ filter: SinkFilter) {
        self.filter = filter
        grid = ActivityGrid(rate: filter.rate)
    }

    /// The instruments that are on for the sink.
    var active: [Snapshot.Active] { lit }

    /// Processes an event; returns the events for the sink.
    mutating func take(_ item: SinkEvent) -> [SinkEvent] {
        switch item.event.body {
        case .hello(let hello):
            begin(hello)
            return [item]
        case .snapshot(let snapshot): return replace(by: snapshot, item)
        case .closing(let reason): return extinguish(reason, arrival: item.arrival) + [item]
        case .lagged: return [item]
        case .reply: return []
        default:
            guard let position = item.event.position, filter.admits(stream: position.stream) else { return [] }
            times[position.stream] = position.time
            return take(item, at: position)
        }
    }

    /// Returns the events that switch everything off and report the reason: for the end of the daemon or of the sink.
    mutating func extinguish(_ reason: String, arrival: Int64) -> [SinkEvent] {
        var events = lit.compactMap { off($0, arrival: arrival) }
        lit = []
        for stream in raised.keys.sorted() { events += lowered(stream, arrival: arrival) }
        for index in health.indices where health[index].state != .lost {
            health[index].state = .lost
            let body = Event.Body.health(.init(state: .lost, source: hello?.source ?? "", message: reason))
            let stream = health[index].stream
            guard filter.admits(.health) else { continue }
            events.append(SinkEvent(Event(stream: stream, time: time(of: stream), body), arrival: arrival))
        }
        return events
    }

    private mutating func begin(_ hello: Hello) {
        self.hello = hello
        families = [:]
        for instrument in hello.instruments { families[instrument.name] = instrument.family }
        // What another daemon does not have says nothing more. The clocks start again.
        health.removeAll { !hello.streams.contains($0.stream) }
        times = times.filter { hello.streams.contains($0.key) }
        grid = ActivityGrid(rate: filter.rate)
    }

    private mutating func take(_ item: SinkEvent, at position: Event.Position) -> [SinkEvent] {
        let wanted = filter.admits(item.event.kind)
        switch item.event.body {
        case .on(let on):
            guard filter.admits(instrument: on.instrument, family: on.family),
                on.confidence >= filter.minimumConfidence,
                !lit.contains(where: { $0.stream == position.stream && $0.instrument == on.instrument })
            else { return [] }
            lit.append(
                .init(
                    stream: position.stream, instrument: on.instrument, family: on.family, since: position.time.seconds,
                    confidence: on.confidence))
            return wanted ? [item] : []
        case .off(let off):
            guard let index = lit.firstIndex(where: { $0.stream == position.stream && $0.instrument == off.instrument })
            else { return [] }
            lit.remove(at: index)
            return wanted ? [item] : []
        case .activity(let activity):
            guard wanted, grid.admits(position) else { return [] }
            let told = chosen(activity, item, position)
            if case .activity(let levels) = told.event.body { raised[position.stream] = levels.instruments }
            return [told]
        case .tags(let tags):
            guard wanted else { return [] }
            guard filter.choosesInstruments else { return [item] }
            var chosen = tags
            chosen.tags.removeAll { !filter.admits(instrument: $0.instrument, family: $0.family) }
            return [
                SinkEvent(Event(stream: position.stream, time: position.time, .tags(chosen)), arrival: item.arrival)
            ]
        case .health(let state):
            note(position.stream, state.state)
            // While a stream is not processed, no level arrives that would reset the old ones.
            let silence =
                [.running, .silent].contains(state.state) ? [] : lowered(position.stream, arrival: item.arrival)
            return silence + (wanted ? [item] : [])
        default: return wanted ? [item] : []
        }
    }

    private func chosen(_ activity: Activity, _ item: SinkEvent, _ position: Event.Position) -> SinkEvent {
        guard filter.choosesInstruments else { return item }
        var chosen = activity
        let pairs = zip(activity.instruments, activity.levels).filter {
            filter.admits(instrument: $0.0, family: families[$0.0])
        }
        chosen.instruments = pairs.map(\.0)
        chosen.levels = pairs.map(\.1)
        return SinkEvent(Event(stream: position.stream, time: position.time, .activity(chosen)), arrival: item.arrival)
    }

    private mutating func replace(by snapshot: Snapshot, _ item: SinkEvent) -> [SinkEvent] {
        var events: [SinkEvent] = []
        var wanted = snapshot
        wanted.active.removeAll {
            !filter.admits(stream: $0.stream) || !filter.admits(instrument: $0.instrument, family: $0.family)
                || $0.confidence < filter.minimumConfidence
        }
        wanted.health.removeAll { !filter.admits(stream: $0.stream) }
        for old in lit where !wanted.active.contains(where: { Self.same($0, old) }) {
            if let off = off(old, arrival: item.arrival) { events.append(off) }
        }
        lit.removeAll { old in !wanted.active.contains { Self.same($0, old) } }
        for entry in wanted.health where note(entry.stream, entry.state) && filter.admits(.health) {
            let body = Event.Body.health(.init(state: entry.state, source: hello?.source ?? "", message: ""))
            events.append(
                SinkEvent(Event(stream: entry.stream, time: time(of: entry.stream), body), arrival: item.arrival))
        }
        for new in wanted.active where !lit.contains(where: { Self.same($0, new) }) {
            lit.append(new)
            guard filter.admits(.on) else { continue }
            let body = Event.Body.on(.init(instrument: new.instrument, family: new.family, confidence: new.confidence))
            events.append(SinkEvent(Event(stream: new.stream, time: time(since: new), body), arrival: item.arrival))
        }
        return events + [wanted == snapshot ? item : SinkEvent(Event(.snapshot(wanted)), arrival: item.arrival)]
    }

    private static func same(_ a: Snapshot.Active, _ b: Snapshot.Active) -> Bool {
        a.stream == b.stream && a.instrument == b.instrument
    }

    /// Records a stream's state; returns true when it differs from the previous one.
    @discardableResult
    private mutating func note(_ stream: String, _ state: SourceState) -> Bool {
        guard let index = health.firstIndex(where: { $0.stream == stream }) else {
            health.append(.init(stream: stream, state: state))
            return true
        }
        defer { health[index].state = state }
        return health[index].state != state
    }

    /// Returns levels of 0 for a stream that had others.
    private mutating func lowered(_ stream: String, arrival: Int64) -> [SinkEvent] {
        guard let instruments = raised.removeValue(forKey: stream) else { return [] }
        let body = Event.Body.activity(
            .init(
                instruments: instruments, levels: [Float](repeating: 0, count: instruments.count),
                peak: Activity.lowestLevel, rms: Activity.lowestLevel))
        return [SinkEvent(Event(stream: stream, time: time(of: stream), body), arrival: arrival)]
    }

    private func off(_ active: Snapshot.Active, arrival: Int64) -> SinkEvent? {
        guard filter.admits(.off) else { return nil }
        var time = time(of: active.stream)
        // A clock that was restarted would give a negative duration.
        if time.seconds < active.since { time = self.time(since: active) }
        let body = Event.Body.off(
            .init(
                instrument: active.instrument, family: active.family, confidence: active.confidence,
                duration: time.seconds - active.since))
        return SinkEvent(Event(stream: active.stream, time: time, body), arrival: arrival)
    }

    private func time(of stream: String) -> StreamTime {
        times[stream] ?? StreamTime(frame: 0, seconds: 0, wall: nil)
    }

    private func time(since active: Snapshot.Active) -> StreamTime {
        let rate = Double(hello?.rate ?? 44_100)
        return StreamTime(
            frame: Int64((active.since * rate).rounded().clamped(to: 0...9e15)), seconds: active.since, wall: nil)
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
