// Knows what is on, by listening to what is published.

/// The state that a snapshot tells: exactly what a client would know that had heard every event.
public struct StateBoard: Sendable {
    private var active: [Snapshot.Active] = []
    private var health: [Snapshot.StreamHealth] = []

    /// A board on which nothing is.
    public init() {}

    /// Takes note of an event.
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

    /// What is on now. A stream that has said nothing yet is waiting.
    public func snapshot(streams: [String]) -> Snapshot {
        let known = Set(streams)
        let listed = streams.map { name in
            health.first { $0.stream == name } ?? Snapshot.StreamHealth(stream: name, state: .waiting)
        }
        return Snapshot(active: active, health: listed + health.filter { !known.contains($0.stream) })
    }
}
