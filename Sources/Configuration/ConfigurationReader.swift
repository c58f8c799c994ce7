// Reads a configuration file; an invalid line throws an error with its number.

import Spelling
import WholeFiles

/// Parses the text of a configuration into ``Settings``.
struct ConfigurationReader {
    /// Largest size of a configuration, in bytes.
    static let maximumBytes = 1_048_576
    /// Largest size of a thresholds file, in bytes: it names every recording on which it was tuned.
    static let maximumThresholdsBytes = 67_108_864

    private let file: String
    private var settings = Settings()
    private var streams: [StreamSettings] = []
    private var table = Table.none
    private var tablesSeen: Set<String> = []
    private var keysSeen: Set<String> = []
    private var number = 0

    /// The table to which the following entries belong.
    private enum Table {
        case none
        case single(name: String, keys: [SettingKey<Settings>])
        case stream
        case instrument
    }

    private init(file: String) {
        self.file = file
    }

    /// Parses `bytes`; `file` is used only in messages.
    static func read(
        _ bytes: [UInt8], file: String, limit: Int = maximumBytes
    ) throws(ConfigurationError) -> Settings {
        var reader = ConfigurationReader(file: file)
        guard bytes.count <= limit else {
            throw .line(file: file, line: 1, problem: "the file is larger than \(limit >> 20) MiB, the limit for it")
        }
        for line in bytes.withoutByteOrderMark.split(separator: 0x0A, omittingEmptySubsequences: false) {
            reader.number += 1
            try reader.take(line)
        }
        return try reader.finish()
    }

    private func error(_ problem: String, line: Int? = nil) -> ConfigurationError {
        .line(file: file, line: line ?? number, problem: problem)
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) throws(ConfigurationError) {
        let line: ConfigurationLine
        do {
            line = try ConfigurationLine(bytes)
        } catch {
            throw self.error(error.sentence)
        }
        switch line {
        case .blank: break
        case .table(let name, let repeated): try open(name, repeated)
        case .entry(let key, let value): try store(key, value)
        }
    }

    private mutating func open(_ name: String, _ repeated: Bool) throws(ConfigurationError) {
        keysSeen = []
        if name == "stream" {
            guard repeated else { throw error("a stream requires double brackets: write [[stream]]") }
            streams.append(StreamSettings(line: number))
            table = .stream
            return
        }
        guard !repeated else { throw error("only [[stream]] has double brackets: write [\(name)]") }
        guard tablesSeen.insert(name).inserted else {
            throw error("duplicate table [\(name)]: merge its keys")
        }
        if name.hasPrefix("instrument.") {
            let instrument = String(name.dropFirst("instrument.".count))
            settings.events.overrides.append(InstrumentOverride(instrument: instrument, line: number))
            table = .instrument
            return
        }
        guard let known = SettingTables.single.first(where: { $0.table == name }) else {
            let names = SettingTables.single.map(\.table) + ["stream", "instrument.NAME"]
            throw error("unknown table [\(name)]: \(NearestName.remedy(for: name, among: names))")
        }
        table = .single(name: name, keys: known.keys)
    }

    private mutating func store(_ key: String, _ value: String) throws(ConfigurationError) {
        switch table {
        case .none:
            throw error("\(key) precedes the first table: move it below its [table]")
        case .single(let name, let keys):
            try store(key, value, table: "[\(name)]", keys, \.settings)
            // The instruments can be checked only when the model is loaded.
            if name == "record", key == "instruments" { settings.record.instrumentsLine = number }
        case .stream:
            try store(key, value, table: "[[stream]]", SettingTables.stream, \.streams[streams.count - 1])
            // Sources are checked where they are known.
            if key == "source" { streams[streams.count - 1].sourceLine = number }
        case .instrument:
            let last = settings.events.overrides.count - 1
            let name = "[instrument.\(settings.events.overrides[last].instrument)]"
            try store(key, value, table: name, SettingTables.instrument, \.settings.events.overrides[last])
        }
    }

    private mutating func store<Target>(
        _ key: String, _ value: String, table: String, _ keys: [SettingKey<Target>],
        _ target: WritableKeyPath<ConfigurationReader, Target>
    ) throws(ConfigurationError) {
        guard let known = keys.first(where: { $0.name == key }) else {
            throw error("unknown key \(key) in \(table): \(NearestName.remedy(for: key, among: keys.map(\.name)))")
        }
        guard keysSeen.insert(key).inserted else {
            throw error("duplicate key \(key) in \(table): remove one")
        }
        if let problem = known.read(&self[keyPath: target], value) { throw error("\(key) \(problem)") }
    }

    private mutating func finish() throws(ConfigurationError) -> Settings {
        for override in settings.events.overrides {
            if let on = override.on, let off = override.off, off > on {
                throw error(
                    "off, \(off), is above on, \(on), for \(override.instrument): lower off or raise on",
                    line: override.line)
            }
        }
        settings.events.overrides.removeAll(where: \.isEmpty)
        var names: Set<String> = []
        for stream in streams where !names.insert(stream.name).inserted {
            throw error("duplicate stream name \(stream.name): give each stream its own name", line: stream.line)
        }
        if !streams.isEmpty { settings.streams = streams }
        return settings
    }
}
