// Decides which events one client gets.

import Events

/// A subscription at work: it remembers which instruments the client knows to be on, so that every `on` it lets
/// through gets its `off` and no `off` comes alone.
struct ClientFilter {
    private struct Shown: Hashable {
        var stream: String
        var instrument: String
    }

    private let subscription: Subscription
    private var shown: Set<Shown> = []
    private var nextActivity: [String: Double] = [:]

    init(_ subscription: Subscription) {
        self.subscription = subscription
    }

    /// True when the client gets this timed event.
    mutating func admits(_ event: Event) -> Bool {
        guard let place = event.place else { return true }
        if let streams = subscription.streams, !streams.contains(place.stream) { return false }
        let wanted = subscription.kinds?.contains(event.kind) ?? true
        switch event.body {
        case .on(let on):
            guard wanted, admits(on.instrument, on.confidence) else { return false }
            shown.insert(Shown(stream: place.stream, instrument: on.instrument))
            return true
        case .off(let off):
            let known = shown.remove(Shown(stream: place.stream, instrument: off.instrument)) != nil
            return known && wanted
        case .activity: return wanted && isDue(place)
        default: return wanted
        }
    }

    /// The part of a snapshot that concerns the client; from here on it knows these instruments to be on.
    mutating func take(_ snapshot: Snapshot) -> Snapshot {
        var snapshot = snapshot
        snapshot.active.removeAll { active in
            !(subscription.streams?.contains(active.stream) ?? true) || !admits(active.instrument, active.confidence)
        }
        snapshot.health.removeAll { !(subscription.streams?.contains($0.stream) ?? true) }
        shown = Set(snapshot.active.map { Shown(stream: $0.stream, instrument: $0.instrument) })
        return snapshot
    }

    private func admits(_ instrument: String, _ confidence: Float) -> Bool {
        confidence >= subscription.minimumConfidence && subscription.instruments?.contains(instrument) ?? true
    }

    /// Levels go out on a grid of the stream's own time, so that a replay thins them the same way every time.
    private mutating func isDue(_ place: Event.Place) -> Bool {
        let rate = subscription.activityRate
        guard rate > 0 else { return false }
        let time = place.time.seconds
        guard time + 1e-9 >= nextActivity[place.stream] ?? 0 else { return false }
        // The millionth keeps a time that lies on the grid from counting as just before it.
        nextActivity[place.stream] = ((time * rate + 1e-6).rounded(.down) + 1) / rate
        return true
    }
}
