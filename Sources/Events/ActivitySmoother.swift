// Smooths the activities of all instruments before they are compared with thresholds.

import Glibc

/// An exponential average of every instrument's activity: `y += (1 - exp(-T / tau)) * (x - y)`, where T is the time
/// between frames and tau the time constant. Its step response reaches 63 % after tau, which is the delay it adds.
public struct ActivitySmoother: Equatable, Sendable {
    /// The averages, 0...1, in the order of the classes.
    public private(set) var levels: [Float]
    private var weight: Float

    /// Averages of `count` instruments, all 0, with time constant `milliseconds` (0 passes through) at `frameRate`
    /// frames per second.
    public init(count: Int, milliseconds: Double, frameRate: Double) {
        levels = Array(repeating: 0, count: count)
        weight = Self.weight(milliseconds, frameRate)
    }

    private static func weight(_ milliseconds: Double, _ frameRate: Double) -> Float {
        milliseconds > 0 && frameRate > 0 ? Float(1 - exp(-1000 / (milliseconds * frameRate))) : 1
    }

    /// Changes the time constant and keeps the averages.
    public mutating func set(milliseconds: Double, frameRate: Double) {
        weight = Self.weight(milliseconds, frameRate)
    }

    /// Processes one activity for each instrument; values are clamped to 0...1 and NaN counts as 0.
    public mutating func step(_ activities: UnsafePointer<Float>) {
        for index in levels.indices {
            let activity = activities[index] >= 0 ? min(1, activities[index]) : 0
            levels[index] += weight * (activity - levels[index])
        }
    }

    /// Sets all averages to 0.
    public mutating func reset() {
        for index in levels.indices { levels[index] = 0 }
    }
}
