// Decides which events one client gets.

import Events

/// A subscription at work: it remembers which instruments the client knows to be on, so that every `on` it lets
/// through gets its `off` and no `off` comes alone.
package struct ClientFilter {
    private struct Shown: Hashable {
        var stream: String
        var instrument: String
    }

    private let subscription: Subscription
    private var shown: Set<Shown> = []
    private var grid: ActivityGrid

    package init(_ subscription: Subscription) {
        self.subscription = subscription
        grid = ActivityGrid(rate: subscription.activityRate)
    }

    /// True when the client gets this timed event.
    package mutating func admits(_ event: Event) -> Bool {
        guard let position = event.position else { return true }
        if let streams = subscription.streams, !streams.contains(position.stream) { return false }
        let wanted = subscription.kinds?.contains(event.kind) ?? true
        switch event.body {
        case .on(let on):
            guard wanted, admits(on.instrument, on.confidence) else { return false }
            shown.insert(Shown(stream: position.stream, instrument: on.instrument))
            return true
        case .off(let off):
            let known = shown.remove(Shown(stream: position.stream, instrument: off.instrument)) != nil
            return known && wanted
        case .activity: return wanted && grid.admits(position)
        default: return wanted
        }
    }

    /// The part of a snapshot that concerns the client; from here on it knows these instruments to be on.
    package mutating func take(_ snapshot: Snapshot) -> Snapshot {
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
}

/// The options of a client's subscription. `nil` stands for everything.
package struct Subscription: Equatable {
    /// Activity frames per second a client gets that has not asked for another rate.
    static let usualActivityRate = 10.0

    /// Kinds of timed events.
    var kinds: Set<EventKind>?
    /// Instruments of `on` and `off`. `activity` and `tags` always carry all, so that they are encoded once for
    /// all clients.
    var instruments: Set<String>?
    /// Streams of timed events.
    var streams: Set<String>?
    /// An `on` below this is left out, and its `off` with it; 0...1.
    var minimumConfidence: Float = 0
    /// `activity` lines per second and stream; 0 for none.
    var activityRate = Subscription.usualActivityRate

    /// Everything, at the usual rate.
    package init() {}
}
