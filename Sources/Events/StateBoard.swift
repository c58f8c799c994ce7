// Keeps the current state, which it derives from the published events.

/// The state for a snapshot: the state that a client has after all events so far.
public struct StateBoard: Sendable {
    private var active: [Snapshot.Active] = []
    private var health: [Snapshot.StreamHealth] = []

    /// Creates an empty state.
    public init() {}

    /// Updates the state with an event.
    public mutating func note(_ event: Event) {
        guard let position = event.position else { return }
        switch event.body {
        case .on(let on):
            active.append(
                .init(
                    stream: position.stream, instrument: on.instrument, family: on.family, since: position.time.seconds,
                    confidence: on.confidence))
        case .off(let off):
            active.removeAll { $0.stream == position.stream && $0.instrument == off.instrument }
        case .health(let state):
            if let index = health.firstIndex(where: { $0.stream == position.stream }) {
                health[index].state = state.state
            } else {
                health.append(.init(stream: position.stream, state: state.state))
            }
        default: break
        }
    }

    /// Forgets the streams that another daemon does not have.
    public mutating func keep(streams: [String]) {
        active.removeAll { !streams.contains($0.stream) }
        health.removeAll { !streams.contains($0.stream) }
    }

    /// Returns the current state. A stream without a `health` event is reported as `waiting`.
    public func snapshot(streams: [String]) -> Snapshot {
        let known = Set(streams)
        let listed = streams.map { name in
            health.first { $0.stream == name } ?? Snapshot.StreamHealth(stream: name, state: .waiting)
        }
        return Snapshot(active: active, health: listed + health.filter { !known.contains($0.stream) })
    }
}
