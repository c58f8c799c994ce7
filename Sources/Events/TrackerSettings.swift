// The settings that determine when an activity becomes an event.

/// The settings of an ``EventTracker``: the model's values with the configuration's overrides applied.
public struct TrackerSettings: Equatable, Sendable {
    /// Thresholds and minimum times of each class, in the order of the model.
    public let instruments: [HysteresisSettings]
    /// The level gate.
    public let gate: LevelGate.Settings
    /// Time constant of the smoothing, in milliseconds; 0...2000.
    public let smoothing: Double
    /// The delay of each class's activity after the beginning of its sound, in milliseconds, in the order of the
    /// model; empty for no delay. An estimated onset is moved back by this delay.
    public let delays: [Double]
    /// `activity` events per second of audio; 0 for none. A rate above the frame rate gives one for every frame.
    public let activityRate: Double

    /// Throws for a smoothing outside 0...2000 ms, an activity rate outside 0...1000 and delays longer than a minute,
    /// NaN included, and when the number of delays is neither 0 nor the number of classes.
    public init(
        instruments: [HysteresisSettings], gate: LevelGate.Settings, smoothing: Double, activityRate: Double,
        delays: [Double] = []
    ) throws(EventsError) {
        let longest = HysteresisSettings.longestMinimum
        guard delays.isEmpty || delays.count == instruments.count, delays.allSatisfy({ abs($0) <= longest }) else {
            throw .setting(name: "delay_ms", problem: "must be one number per class, each within a minute")
        }
        self.delays = delays
        guard smoothing >= 0, smoothing <= 2000 else {
            throw .setting(name: "smoothing_ms", problem: "is \(smoothing) and must be 0...2000 ms")
        }
        guard activityRate >= 0, activityRate <= 1000 else {
            throw .setting(name: "activity_rate", problem: "is \(activityRate) and must be 0...1000 per second")
        }
        self.instruments = instruments
        self.gate = gate
        self.smoothing = smoothing
        self.activityRate = activityRate
    }
}
