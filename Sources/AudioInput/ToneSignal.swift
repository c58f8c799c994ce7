// What the test tone plays.

/// A signal that a `ToneSource` makes.
public enum ToneSignal: Equatable, Sendable {
    /// A sine of this frequency in hertz.
    case sine(Double)
    /// White noise, evenly distributed, the same on every run.
    case noise
}
