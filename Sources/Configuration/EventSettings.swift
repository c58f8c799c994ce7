// How activities become events, where the configuration has a say.

/// The `[events]` table and the `[instrument.NAME]` tables. `nil` leaves what the model file says.
public struct EventSettings: Equatable, Sendable {
    /// `activity` events per second, 0...1000; clients may ask for fewer, never for more.
    public var activityRate: Double = 30
    /// Level below which nothing sounds whatever the noise floor is, -120...0 dBFS.
    public var gate: Double? = -85
    /// How far a sound must stand out from the noise floor, 0...40 dB; 0 leaves the floor out of it.
    public var gateAboveFloor: Double = 9
    /// What is louder is never taken for a noise floor, -120...0 dBFS.
    public var gateHighestFloor: Double = -55
    /// How far below the gate's level it shuts, 0...40 dB.
    public var gateHysteresis: Double = 6
    /// How long the gate stays open after that, 0...60000 ms.
    public var gateHold: Double = 300
    /// Time constant of the smoothing, 0...2000 ms.
    public var smoothing: Double?
    /// Shortest segment that is reported, 0...60000 ms.
    public var minimumOn: Double?
    /// Shortest gap that is reported, 0...60000 ms.
    public var minimumOff: Double?
    /// Path of a file with more overrides, which those of the configuration go before; `nil` for none.
    public var thresholdsPath: String?
    /// Overrides per instrument, in the order of the file; no name twice.
    public var overrides: [InstrumentOverride] = []

    /// The defaults.
    public init() {}

    /// Takes the overrides of a thresholds file, and leaves what is overridden already.
    public mutating func add(_ others: [InstrumentOverride]) {
        for other in others {
            if let index = overrides.firstIndex(where: { $0.instrument == other.instrument }) {
                overrides[index] = overrides[index].filled(from: other)
            } else {
                overrides.append(other)
            }
        }
    }

    /// The override for one class, if there is one.
    public func override(for instrument: String) -> InstrumentOverride? {
        overrides.first { $0.instrument == instrument }
    }
}
