// Whether and how clips are tagged.

import AudioCore

/// The `[tags]` table.
public struct TagSettings: Equatable, Sendable {
    /// Whether there are `tags` lines at all.
    public var enabled = true
    /// Path of the clip model's file; `nil` for the one that comes with the program.
    public var modelPath: String?
    /// Seconds from one line to the next, 0.96...60, in steps of 0.96.
    public var interval = 0.96
    /// Seconds of the window, 0.96...61.44, in steps of 0.96; `nil` for the model's.
    public var window: Double?
    /// Whether all of the window counts alike and nothing before it; otherwise everything that was heard counts, fading to
    /// 1/e in the time of the window.
    public var isSliding = true
    /// Whether tags move the thresholds of `on` and `off`.
    public var supportEvents = true

    /// The defaults.
    public init() {}

    /// The length of a patch, in which interval and window are counted, in seconds.
    public static let patch = 0.96

    /// The nearest whole number of patches, at least one.
    public static func patches(_ seconds: Double) -> Int { max(1, Int(saturating: (seconds / patch).rounded())) }
}
