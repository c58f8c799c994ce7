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
