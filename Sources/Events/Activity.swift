// The content of an `activity` event.

/// The activity of every instrument and the level of the audio at one moment.
public struct Activity: Equatable, Sendable {
    /// The lowest level that is written; digital silence is reported as this level.
    public static let lowestLevel: Float = -120

    /// Class names, in the order of `levels`.
    public var instruments: [String]
    /// Smoothed activity of each class, 0...1; all zero while the gate is shut.
    public var levels: [Float]
    /// Peak sample level since the previous `activity` event, dB relative to full scale.
    public var peak: Float
    /// Root mean square level since the previous `activity` event, dB relative to full scale.
    public var rms: Float

    /// Creates the event's content.
    public init(instruments: [String], levels: [Float], peak: Float, rms: Float) {
        self.instruments = instruments
        self.levels = levels
        self.peak = peak
        self.rms = rms
    }
}

/// Selects the `activity` lines that a consumer receives: the first at or after each point of a grid in the time of
/// the stream, so that every replay selects the same lines.
public struct ActivityGrid: Equatable, Sendable {
    /// Lines per second and stream; 0 for none.
    public var rate: Double
    private var next: [String: Double] = [:]

    /// Creates a grid on which no line has passed yet.
    public init(rate: Double) {
        self.rate = rate
    }

    /// Returns true when the `activity` line at this position of its stream is due.
    public mutating func admits(_ position: Event.Position) -> Bool {
        guard rate > 0 else { return false }
        let time = position.time.seconds
        guard time + 1e-9 >= next[position.stream] ?? 0 else { return false }
        // The 1e-6 keeps a time on the grid from being rounded down to the grid point before it.
        next[position.stream] = ((time * rate + 1e-6).rounded(.down) + 1) / rate
        return true
    }
}
