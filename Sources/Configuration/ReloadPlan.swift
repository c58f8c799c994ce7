// What SIGHUP does, as a pure function: everything that can be applied, or nothing at all.

/// The outcome of a reload. A configuration that is refused never gets this far, so it changes nothing.
public struct ReloadPlan: Equatable, Sendable {
    /// The settings to run with from now on: the running ones with the keys that can be applied now.
    public let settings: Settings
    /// What was applied.
    public let applied: [SettingChange]
    /// What waits for a restart.
    public let waiting: [SettingChange]

    /// Plans the change from the running settings to the wanted ones.
    public init(running: Settings, wanted: Settings) {
        var merged = running
        for (_, keys) in SettingTables.single {
            for key in keys where key.reload == .appliedNow {
                // What a valid setting shows is readable again, so this cannot be refused.
                _ = key.read(&merged, key.show(wanted))
            }
        }
        merged.events.overrides = wanted.events.overrides
        settings = merged
        let changes = Settings.changes(from: running, to: wanted)
        applied = changes.filter { $0.reload == .appliedNow }
        waiting = changes.filter { $0.reload == .needsRestart }
    }

    /// Reads the file again and plans the change; throws, and so changes nothing, when the file is refused or
    /// overrides an instrument that is not among the running model's `classes`.
    public init(running: Settings, file: String, classes: [String]) throws(ConfigurationError) {
        let wanted = try Settings(file: file)
        try wanted.check(classes: classes, file: file)
        self.init(running: running, wanted: wanted)
    }
}
