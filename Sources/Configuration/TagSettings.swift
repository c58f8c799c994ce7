// The settings for tags.

import AudioCore

/// The `[tags]` table.
public struct TagSettings: Equatable, Sendable {
    /// Whether there are `tags` lines.
    public var enabled = true
    /// Path of the clip model's file; `nil` for the bundled one.
    public var modelPath: String?
    /// Seconds between two lines, 0.96...60, in steps of 0.96.
    public var interval = 0.96
    /// Seconds of the window, 0.96...61.44, in steps of 0.96; `nil` for the model's.
    public var window: Double?
    /// Whether all of the window has the same weight and earlier audio has none; otherwise all past audio has a weight
    /// that fades to 1/e in the time of the window.
    public var isSliding = true
    /// Whether tags move the thresholds of `on` and `off`.
    public var supportEvents = true

    /// The defaults.
    public init() {}

    /// The length of a patch in seconds, the unit of interval and window.
    public static let patch = 0.96

    /// Returns the nearest integer number of patches, at least one.
    public static func patches(_ seconds: Double) -> Int { max(1, Int(saturating: (seconds / patch).rounded())) }
}
