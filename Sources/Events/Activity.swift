// All levels at one moment.

/// The levels of every instrument and of the sound itself.
public struct Activity: Equatable, Sendable {
    /// The lowest level that is written; digital silence shows as this.
    public static let lowestLevel: Float = -120

    /// Class names, in the order of `levels`.
    public var instruments: [String]
    /// Smoothed activity of each class, 0...1; all zero while the gate is shut.
    public var levels: [Float]
    /// Highest sample since the last such event, dB relative to full scale.
    public var peak: Float
    /// Root mean square since the last such event, dB relative to full scale.
    public var rms: Float

    /// Creates the event's content.
    public init(instruments: [String], levels: [Float], peak: Float, rms: Float) {
        self.instruments = instruments
        self.levels = levels
        self.peak = peak
        self.rms = rms
    }
}

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

    /// True when levels at this time of this stream are due.
    public mutating func admits(_ position: Event.Position) -> Bool {
        guard rate > 0 else { return false }
        let time = position.time.seconds
        guard time + 1e-9 >= next[position.stream] ?? 0 else { return false }
        // The millionth keeps a time that lies on the grid from counting as just before it.
        next[position.stream] = ((time * rate + 1e-6).rounded(.down) + 1) / rate
        return true
    }
}
