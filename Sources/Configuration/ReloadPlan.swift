// The effect of SIGHUP as a pure function: the changes that can be applied, or none.

/// The outcome of a reload. A rejected configuration throws an error before this point and changes nothing.
public struct ReloadPlan: Equatable, Sendable {
    /// The settings after the reload: the running ones with the changes that can be applied now.
    public let settings: Settings
    /// The applied changes.
    public let applied: [SettingChange]
    /// The changes that need a restart.
    public let waiting: [SettingChange]

    /// Plans the change from the running settings to the new ones.
    public init(running: Settings, wanted: Settings) {
        var merged = running
        for (_, keys) in SettingTables.single {
            for key in keys where key.reload == .appliedNow {
                // The text of a valid setting can always be parsed, so this does not fail.
                _ = key.read(&merged, key.show(wanted))
            }
        }
        merged.events.overrides = wanted.events.overrides
        settings = merged
        let changes = Settings.changes(from: running, to: wanted)
        applied = changes.filter { $0.reload == .appliedNow }
        waiting = changes.filter { $0.reload == .needsRestart }
    }

    /// Reads the file again and plans the change. Throws, and thus changes nothing, when the file is rejected or
    /// overrides an instrument that is not among the running model's `classes`. `overriding` adds what the command line says
    /// to the settings of the file, as at the start.
    public init(
        running: Settings, file: String, classes: [String], overriding: (Settings) -> Settings = { $0 }
    ) throws(ConfigurationError) {
        let wanted = try Settings(file: file)
        try wanted.check(classes: classes, file: file)
        self.init(running: running, wanted: overriding(wanted))
    }
}
