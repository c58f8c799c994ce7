// Thresholds and minimum times of one instrument.

import Glibc

/// Thresholds and minimum times of one instrument, in the unit of the activity (0...1) and in milliseconds.
public struct HysteresisSettings: Equatable, Sendable {
    /// The activity at which an instrument starts; above 0, at most 1.
    public let on: Float
    /// The activity below which it stops; above 0, at most `on`.
    public let off: Float
    /// How long a start must last before it is reported, in milliseconds.
    public let minimumOn: Double
    /// How long a stop must last before it is reported, in milliseconds.
    public let minimumOff: Double

    /// The longest minimum time, one minute; a larger value is probably in the wrong unit.
    public static let longestMinimum: Double = 60_000

    /// Throws for thresholds outside 0 < off <= on <= 1 and for times outside 0...60000 ms, NaN included.
    public init(on: Float, off: Float, minimumOn: Double = 0, minimumOff: Double = 0) throws(EventsError) {
        guard on > 0, on <= 1 else {
            throw .setting(name: "on", problem: "is \(on) and must be above 0 and at most 1")
        }
        guard off > 0, off <= on else {
            throw .setting(name: "off", problem: "is \(off) and must be above 0 and at most on, which is \(on)")
        }
        let times = [("minimum_on_ms", minimumOn), ("minimum_off_ms", minimumOff)]
        for (name, value) in times where !(value >= 0 && value <= Self.longestMinimum) {
            throw .setting(name: name, problem: "is \(value) and must be 0...\(Int(Self.longestMinimum)) ms")
        }
        self.on = on
        self.off = off
        self.minimumOn = minimumOn
        self.minimumOff = minimumOff
    }
    private init(unchecked on: Float, _ off: Float, of other: HysteresisSettings) {
        self.on = on
        self.off = off
        minimumOn = other.minimumOn
        minimumOff = other.minimumOff
    }

    /// Returns the same settings with lower or higher thresholds: their odds are divided by `exp(support)`.
    public func supported(by support: Float) -> HysteresisSettings {
        let factor = exp(support)
        func moved(_ threshold: Float) -> Float { threshold / (threshold + (1 - threshold) * factor) }
        return HysteresisSettings(unchecked: moved(on), moved(off), of: self)
    }
}
