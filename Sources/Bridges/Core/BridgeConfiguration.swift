// The configuration file of a bridge: an invalid line throws an error with its number.

import Configuration
import Spelling
import WholeFiles

/// The contents of a configuration: sinks, the daemon's socket and the status socket.
public struct BridgeConfiguration: Equatable, Sendable {
    /// The sinks, in order.
    public var sinks: [SinkSettings] = []
    /// Path of the daemon's socket; `nil` for the default paths.
    public var socket: String?
    /// Path of the socket for `timbre bridge --status`; `nil` for the default path.
    public var status: String?

    private static let limit = 1_048_576
    private static let bridgeKeys = ["socket", "status"]

    /// Creates an empty configuration.
    public init() {}

    /// Parses a sink of the command line.
    public static func sink(_ text: String) throws(BridgeError) -> SinkSettings {
        do {
            return try SinkSettings(text)
        } catch {
            throw .sink(text: text, problem: error.description)
        }
    }

    /// Reads the file at `path`.
    public init(file path: String) throws(BridgeError) {
        let bytes: [UInt8]
        do {
            bytes = try WholeFile.read(path, limit: Self.limit)
        } catch {
            throw .unreadable(file: path, detail: error.reason)
        }
        try self.init(bytes: bytes, file: path)
    }

    /// Parses `bytes`; `file` is used only in messages.
    public init(bytes: [UInt8], file: String) throws(BridgeError) {
        var reader = Reader(file: file)
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            reader.number += 1
            try reader.take(line)
        }
        try reader.closeOutput()
        self = reader.configuration
    }

    /// The part of an `[[output]]` table that is parsed so far.
    private struct Output {
        var line: Int
        var sink: (text: String, line: Int)?
        var values: [(name: String, value: String, line: Int)] = []
    }

    private struct Reader {
        let file: String
        var configuration = BridgeConfiguration()
        var number = 0
        var isInBridge = false
        var output: Output?

        init(file: String) {
            self.file = file
        }

        func error(_ problem: String, line: Int? = nil) -> BridgeError {
            .line(file: file, line: line ?? number, problem: problem)
        }

        mutating func take(_ bytes: ArraySlice<UInt8>) throws(BridgeError) {
            let line: ConfigurationLine
            do {
                line = try ConfigurationLine(bytes)
            } catch {
                throw self.error(error.sentence)
            }
            switch line {
            case .blank: break
            case .table("bridge", repeated: false):
                try closeOutput()
                isInBridge = true
            case .table("output", repeated: true):
                try closeOutput()
                isInBridge = false
                output = Output(line: number)
            case .table("output", repeated: false):
                throw error("an output requires double brackets: write [[output]]")
            case .table(let name, _):
                throw error("unknown table [\(name)]: expected [bridge] or [[output]]")
            case .entry(let key, let value): try store(key, value)
            }
        }

        private mutating func store(_ key: String, _ value: String) throws(BridgeError) {
            if output != nil {
                if key == "sink" {
                    guard output?.sink == nil else { throw error("duplicate key sink: begin another [[output]]") }
                    output?.sink = (value, number)
                } else {
                    output?.values.append((key, value, number))
                }
                return
            }
            guard isInBridge else { throw error("\(key) precedes the first table: move it below its [table]") }
            switch key {
            case "socket": configuration.socket = value
            case "status": configuration.status = value
            default:
                throw error("unknown key \(key) in [bridge]: \(NearestName.remedy(for: key, among: bridgeKeys))")
            }
        }

        /// Ends the open `[[output]]` table, whose contents are complete only now.
        mutating func closeOutput() throws(BridgeError) {
            guard let output else { return }
            self.output = nil
            guard let sink = output.sink else {
                throw error("this output has no sink: write sink = \"osc:127.0.0.1:7700\"", line: output.line)
            }
            // An invalid value is reported with its own line, every other error with the line of the sink.
            var kept: [(name: String, value: String)] = []
            for (name, value, line) in output.values {
                kept.append((name, value))
                if let problem = Self.problem(sink.text, name, value) { throw error(problem, line: line) }
                if let twice = output.values.first(where: { $0.name == name && $0.line != line }) {
                    throw error("duplicate key \(name) in this output: remove one", line: max(line, twice.line))
                }
            }
            do {
                configuration.sinks.append(try SinkSettings(sink: sink.text, values: kept))
            } catch {
                throw self.error("\(error)", line: sink.line)
            }
        }

        /// Returns the error in one value of a sink of known kind; `nil` when the value is valid.
        private static func problem(_ sink: String, _ name: String, _ value: String) -> String? {
            guard let colon = sink.firstIndex(of: ":"), let type = SinkTable.type(of: String(sink[..<colon])) else {
                return nil
            }
            let known = type.options + SinkFilter.options
            guard let option = known.first(where: { $0.name == name }) else {
                let remedy = NearestName.remedy(for: name, among: ["sink"] + known.map(\.name))
                return "\(type.scheme) has no option \(name): \(remedy)"
            }
            if let objection = option.objection(to: value) { return "\(name) \(objection)" }
            var filter = SinkFilter()
            guard SinkFilter.options.contains(where: { $0.name == name }) else { return nil }
            do throws(SinkProblem) {
                try filter.set(name, value)
                return nil
            } catch {
                return error.description
            }
        }
    }
}
