// Thins levels to the rate that one consumer wants.

/// Which `activity` lines a consumer gets: those next to a grid of the stream's own time, so that a replay thins them the
/// same way every time.
public struct ActivityGrid: Equatable, Sendable {
    /// Lines per second and stream; 0 for none.
    public var rate: Double
    private var next: [String: Double] = [:]

    /// A grid that has passed nothing yet.
    public init(rate: Double) {
        self.rate = rate
    }

    /// True when levels of this place are due.
    public mutating func admits(_ place: Event.Place) -> Bool {
        guard rate > 0 else { return false }
        let time = place.time.seconds
        guard time + 1e-9 >= next[place.stream] ?? 0 else { return false }
        // The millionth keeps a time that lies on the grid from counting as just before it.
        next[place.stream] = ((time * rate + 1e-6).rounded(.down) + 1) / rate
        return true
    }
}
