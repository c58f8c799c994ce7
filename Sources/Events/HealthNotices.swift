// What `health` lines say of a source besides changes of its state.

import AudioCore

/// Collects the messages of `health` events that repeat the state of their stream: there the message is the news, as when
/// the channels of a mix cancel each other.
public struct HealthNotices: Sendable {
    /// Each message once, behind the time at which it first came.
    public private(set) var texts: [String] = []
    private var states: [String: SourceState] = [:]
    private var known: Set<String> = []

    /// Creates an empty collection.
    public init() {}

    /// Processes the next event.
    ///
    /// - Parameter seconds: its time in the audio.
    public mutating func take(_ body: Event.Body, stream: String, at seconds: Double) {
        guard case .health(let health) = body else { return }
        let before = states.updateValue(health.state, forKey: stream)
        guard before == health.state, known.insert(health.message).inserted else { return }
        texts.append("at \((seconds * 10).rounded() / 10) s: \(health.message)")
    }

    /// Forgets the states, which may have changed unheard, as before a `hello`.
    public mutating func reconnect() { states = [:] }
}
