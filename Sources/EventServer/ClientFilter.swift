// Selects the events that one client receives.

import Events

/// Applies a subscription. It records which instruments are on for the client, so that every admitted `on` is followed
/// by its `off` and no `off` is sent without its `on`.
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

    /// Begins anew with `activity` lines: the clocks of another daemon start again.
    package mutating func restart() { grid = ActivityGrid(rate: subscription.activityRate) }

    /// Returns true when the client receives this timed event.
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

    /// Returns the part of a snapshot that matches the subscription; from this call on, these instruments are on for
    /// the client.
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

/// The options of a client's subscription. `nil` means everything.
package struct Subscription: Equatable {
    /// Default number of `activity` lines per second for a client.
    static let usualActivityRate = 10.0

    /// Kinds of timed events.
    var kinds: Set<EventKind>?
    /// Instruments of `on` and `off`. `activity` and `tags` always contain all instruments, so that they are encoded
    /// once for all clients.
    var instruments: Set<String>?
    /// Streams of timed events.
    var streams: Set<String>?
    /// An `on` with a lower confidence is omitted together with its `off`; 0...1.
    var minimumConfidence: Float = 0
    /// `activity` lines per second and stream; 0 for none.
    var activityRate = Subscription.usualActivityRate

    /// Creates a subscription to everything, at the default rate.
    package init() {}
}
