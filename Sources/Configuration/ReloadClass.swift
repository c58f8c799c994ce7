// What a change of a key needs to take effect.

/// What a changed key needs.
public enum ReloadClass: String, Sendable {
    /// SIGHUP applies it while running.
    case appliedNow = "applied now"
    /// SIGHUP reports it; a restart applies it.
    case needsRestart = "needs a restart"
}
