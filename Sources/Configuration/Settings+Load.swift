// Reads settings from a file or a text.

import Spelling
import WholeFiles

extension Settings {
    /// Parses the configuration in `text`; `file` is used only in messages.
    public init(text: String, file: String) throws(ConfigurationError) {
        self = try ConfigurationReader.read(Array(text.utf8), file: file)
    }

    /// Parses the configuration in `bytes`; `file` is used only in messages.
    public init(bytes: [UInt8], file: String) throws(ConfigurationError) {
        self = try ConfigurationReader.read(bytes, file: file)
    }

    /// Reads the configuration file at `path`, and the thresholds file that it names. Writes no file.
    public init(file path: String) throws(ConfigurationError) {
        self = try ConfigurationReader.read(try Self.bytes(of: path), file: path)
        guard let named = events.thresholdsPath else { return }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        events.add(try Self.thresholds(file: named.hasPrefix("/") ? named : folder + named))
    }

    /// Reads a file that contains only `[instrument.NAME]` tables, such as the output of `timbre tune`.
    public static func thresholds(file path: String) throws(ConfigurationError) -> [InstrumentOverride] {
        try thresholds(bytes: try bytes(of: path, limit: ConfigurationReader.maximumThresholdsBytes), file: path)
    }

    /// Parses the bytes of a thresholds file; `file` is used only in messages.
    public static func thresholds(bytes: [UInt8], file: String) throws(ConfigurationError) -> [InstrumentOverride] {
        var settings = try ConfigurationReader.read(
            bytes, file: file, limit: ConfigurationReader.maximumThresholdsBytes)
        var overrides = settings.events.overrides
        settings.events.overrides = []
        guard settings == Settings() else {
            throw .line(file: file, line: 1, problem: "a thresholds file may contain only [instrument.NAME] tables")
        }
        for index in overrides.indices { overrides[index].file = file }
        return overrides
    }

    private static func bytes(
        of path: String, limit: Int = ConfigurationReader.maximumBytes
    ) throws(ConfigurationError) -> [UInt8] {
        do throws(FileFailure) {
            return try WholeFile.read(path, limit: limit)
        } catch {
            throw .unreadable(file: path, detail: error.reason)
        }
    }

    /// Throws for instruments that the model does not have, in overrides and for recording; `file` is used only in
    /// messages.
    public func check(classes: [String], file: String) throws(ConfigurationError) {
        for override in events.overrides where !classes.contains(override.instrument) {
            throw .line(
                file: override.file ?? file, line: override.line,
                problem: "the model has no instrument \(override.instrument): "
                    + NearestName.remedy(for: override.instrument, among: classes))
        }
        guard case .these(let names) = record.instruments else { return }
        for name in names where !classes.contains(name) {
            throw .line(
                file: file, line: record.instrumentsLine,
                problem: "the model has no instrument \(name): \(NearestName.remedy(for: name, among: classes))")
        }
    }
}
