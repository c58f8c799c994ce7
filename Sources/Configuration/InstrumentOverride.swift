// The configuration of one instrument.

/// An `[instrument.NAME]` table. `nil` keeps the value of the `[events]` table or otherwise of the model file.
public struct InstrumentOverride: Equatable, Sendable {
    /// The class name. It is checked when the model is loaded: see ``Settings/check(classes:file:)``.
    public var instrument: String
    /// Activity at which it comes on, 0.001...1.
    public var on: Double?
    /// Activity below which it goes off, 0.001...1.
    public var off: Double?
    /// Shortest segment that is reported, 0...60000 ms.
    public var minimumOn: Double?
    /// Shortest gap that is reported, 0...60000 ms.
    public var minimumOff: Double?
    /// The line of the file on which the table begins, for messages; 0 when it does not come from a file.
    public var line: Int
    /// The file, for messages, where it is not the configuration.
    public var file: String?

    /// Creates an override without values.
    public init(instrument: String, line: Int = 0) {
        self.instrument = instrument
        self.line = line
    }

    /// Returns the same override with missing values taken from `other`.
    public func filled(from other: InstrumentOverride) -> InstrumentOverride {
        var filled = self
        // Two thresholds form a pair: one of them combined with the other override's `off` could be below it.
        if on == nil, off == nil { (filled.on, filled.off) = (other.on, other.off) }
        filled.minimumOn = minimumOn ?? other.minimumOn
        filled.minimumOff = minimumOff ?? other.minimumOff
        return filled
    }

    /// Returns the thresholds in force, given the model's. Where only one is overridden and crosses the model's other
    /// one, the other is moved to it, so that `off` never exceeds `on`.
    public func thresholds(modelOn: Double, modelOff: Double) -> (on: Double, off: Double) {
        switch (on, off) {
        case (let on?, let off?): (on, off)
        case (let on?, nil): (on, min(modelOff, on))
        case (nil, let off?): (max(modelOn, off), off)
        case (nil, nil): (modelOn, modelOff)
        }
    }

    /// True when it has no values.
    public var isEmpty: Bool { on == nil && off == nil && minimumOn == nil && minimumOff == nil }

    /// Equal when the values are equal, regardless of the positions in the file.
    public static func == (a: InstrumentOverride, b: InstrumentOverride) -> Bool {
        a.instrument == b.instrument && a.on == b.on && a.off == b.off && a.minimumOn == b.minimumOn
            && a.minimumOff == b.minimumOff
    }
}
