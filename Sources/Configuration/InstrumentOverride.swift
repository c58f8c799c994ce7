// What the configuration says about one instrument.

/// An `[instrument.NAME]` table. `nil` leaves what the `[events]` table or else the model file says.
public struct InstrumentOverride: Equatable, Sendable {
    /// The class name. Whether the model knows it shows when the model is loaded: see ``Settings/check(classes:file:)``.
    public var instrument: String
    /// Activity at which it comes on, 0.001...1.
    public var on: Double?
    /// Activity below which it goes off, 0.001...1.
    public var off: Double?
    /// Shortest segment that is reported, 0...60000 ms.
    public var minimumOn: Double?
    /// Shortest gap that is reported, 0...60000 ms.
    public var minimumOff: Double?
    /// The line of the file on which the table begins, for messages; 0 when it came from no file.
    public var line: Int
    /// The file, for messages, where it is another than the configuration.
    public var file: String?

    /// Creates an override that overrides nothing yet.
    public init(instrument: String, line: Int = 0) {
        self.instrument = instrument
        self.line = line
    }

    /// The same with what it leaves open taken from `other`.
    public func filled(from other: InstrumentOverride) -> InstrumentOverride {
        var filled = self
        // A pair of thresholds belongs together: one of them beside another's off could stand below it.
        if on == nil, off == nil { (filled.on, filled.off) = (other.on, other.off) }
        filled.minimumOn = minimumOn ?? other.minimumOn
        filled.minimumOff = minimumOff ?? other.minimumOff
        return filled
    }

    /// The thresholds in force, given the model's. Where only one is overridden and passes the model's other, the
    /// other goes with it, so that off never exceeds on.
    public func thresholds(modelOn: Double, modelOff: Double) -> (on: Double, off: Double) {
        switch (on, off) {
        case (let on?, let off?): (on, off)
        case (let on?, nil): (on, min(modelOff, on))
        case (nil, let off?): (max(modelOn, off), off)
        case (nil, nil): (modelOn, modelOff)
        }
    }

    /// True when it leaves everything as it is.
    public var isEmpty: Bool { on == nil && off == nil && minimumOn == nil && minimumOff == nil }

    /// Equal when they mean the same, wherever they stand in the file.
    public static func == (a: InstrumentOverride, b: InstrumentOverride) -> Bool {
        a.instrument == b.instrument && a.on == b.on && a.off == b.off && a.minimumOn == b.minimumOn
            && a.minimumOff == b.minimumOff
    }
}
