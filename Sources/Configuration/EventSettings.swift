// The settings for the conversion of activities to events.

/// The `[events]` table and the `[instrument.NAME]` tables. `nil` keeps the value of the model file.
public struct EventSettings: Equatable, Sendable {
    /// `activity` events per second, 0...1000; clients may request fewer, never more.
    public var activityRate: Double = 30
    /// Level below which no instrument is on, whatever the noise floor is, -120...0 dBFS.
    public var gate: Double? = -85
    /// The required distance of a sound from the noise floor, 0...40 dB; 0 disables the use of the floor.
    public var gateAboveFloor: Double = 9
    /// A level above this is never taken as the noise floor, -120...0 dBFS.
    public var gateHighestFloor: Double = -55
    /// The gate shuts this far below its opening level, 0...40 dB.
    public var gateHysteresis: Double = 6
    /// The gate stays open for this time after that, 0...60000 ms.
    public var gateHold: Double = 300
    /// Time constant of the smoothing, 0...2000 ms.
    public var smoothing: Double?
    /// Shortest segment that is reported, 0...60000 ms.
    public var minimumOn: Double?
    /// Shortest gap that is reported, 0...60000 ms.
    public var minimumOff: Double?
    /// Path of a file with more overrides; those of the configuration have priority; `nil` for none.
    public var thresholdsPath: String?
    /// Overrides per instrument, in the order of the file; names are unique.
    public var overrides: [InstrumentOverride] = []

    /// The defaults.
    public init() {}

    /// Adds the overrides of a thresholds file; existing overrides have priority.
    public mutating func add(_ others: [InstrumentOverride]) {
        for other in others {
            if let index = overrides.firstIndex(where: { $0.instrument == other.instrument }) {
                overrides[index] = overrides[index].filled(from: other)
            } else {
                overrides.append(other)
            }
        }
    }

    /// Returns the override for one class, if there is one.
    public func override(for instrument: String) -> InstrumentOverride? {
        overrides.first { $0.instrument == instrument }
    }
}
