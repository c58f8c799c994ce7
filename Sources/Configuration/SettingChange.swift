// One difference between two configurations.

/// A key whose value differs.
public struct SettingChange: Equatable, Sendable, CustomStringConvertible {
    /// Table and key, as in ``Settings/Entry``.
    public var path: String
    /// The old value; `nil` when the stream or instrument did not exist.
    public var old: String?
    /// The new value; `nil` when the stream or instrument no longer exists.
    public var new: String?
    /// Whether the change needs a restart.
    public var reload: ReloadClass

    /// For example "events.gate_dbfs: model -> -60 (applied now)".
    public var description: String {
        "\(path): \(old ?? "absent") -> \(new ?? "absent") (\(reload.rawValue))"
    }
}

extension Settings {
    /// Returns the differences between two configurations, in the order of the keys; a different order of the streams
    /// is a difference.
    public static func changes(from old: Settings, to new: Settings) -> [SettingChange] {
        let before = old.entries
        let after = new.entries
        let values = Dictionary(before.map { ($0.path, $0.value) }) { first, _ in first }
        let paths = Set(after.map(\.path))
        var changes: [SettingChange] = []
        for entry in after where values[entry.path] != entry.value {
            changes.append(
                SettingChange(path: entry.path, old: values[entry.path], new: entry.value, reload: entry.reload))
        }
        for entry in before where !paths.contains(entry.path) {
            changes.append(SettingChange(path: entry.path, old: entry.value, new: nil, reload: entry.reload))
        }
        let names = (old.streams.map(\.name), new.streams.map(\.name))
        if names.0 != names.1, Set(names.0) == Set(names.1) {
            changes.append(
                SettingChange(
                    path: "stream", old: names.0.joined(separator: " "), new: names.1.joined(separator: " "),
                    reload: .needsRestart))
        }
        return changes
    }
}
