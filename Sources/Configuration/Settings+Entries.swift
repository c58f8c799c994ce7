// The settings as a flat list, for `status`, for comparison and for the tests of completeness.

extension Settings {
    /// One key with its value in force.
    public struct Entry: Equatable, Sendable {
        /// Table and key: `events.gate_dbfs`, `stream.main.source`, `instrument.violin.on`.
        public var path: String
        /// The value in the form of the file.
        public var value: String
        /// Whether a change of it needs a restart.
        public var reload: ReloadClass
    }

    /// All keys and their values, tables in the order of the documented file.
    public var entries: [Entry] {
        var entries: [Entry] = []
        for stream in streams {
            for key in SettingTables.stream {
                entries.append(
                    .init(path: "stream.\(stream.name).\(key.name)", value: key.show(stream), reload: key.reload))
            }
        }
        for (table, keys) in SettingTables.single {
            for key in keys {
                entries.append(.init(path: "\(table).\(key.name)", value: key.show(self), reload: key.reload))
            }
        }
        for override in events.overrides {
            for key in SettingTables.instrument {
                entries.append(
                    .init(
                        path: "instrument.\(override.instrument).\(key.name)", value: key.show(override),
                        reload: key.reload))
            }
        }
        return entries
    }

    /// All keys, as `table.key`, with the effect of a reload; `stream` and `instrument` without a name.
    public static var allKeys: [(path: String, reload: ReloadClass)] {
        SettingTables.stream.map { ("stream.\($0.name)", $0.reload) }
            + SettingTables.single.flatMap { table, keys in keys.map { ("\(table).\($0.name)", $0.reload) } }
            + SettingTables.instrument.map { ("instrument.\($0.name)", $0.reload) }
    }
}
