// What a client wants to hear.

import Events

/// A client's wishes. `nil` stands for everything.
struct Subscription: Equatable {
    /// Activity frames per second a client gets that has not asked for another rate.
    static let usualActivityRate = 10.0

    /// Kinds of timed events.
    var kinds: Set<EventKind>?
    /// Instruments of `on` and `off`. `activity` and `tags` always carry all, so that they are encoded once for
    /// everybody.
    var instruments: Set<String>?
    /// Streams of timed events.
    var streams: Set<String>?
    /// An `on` below this is left out, and its `off` with it; 0...1.
    var minimumConfidence: Float = 0
    /// `activity` lines per second and stream; 0 for none.
    var activityRate = Subscription.usualActivityRate
}
