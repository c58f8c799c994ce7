// `timbre bridge`: forwards the daemon's events in other protocols.

import Bridges
import CommandLine
import EventServer
import Events
import Glibc
import JSON

extension Command {
    static let bridge = Command(
        Verb(
            "bridge", summary: "forward the daemon's events to other programs, devices and networks",
            discussion: [
                "Connects to the daemon's socket and forwards its events to each SINK, until it is terminated. "
                    + "A sink that fails or loses its peer is opened again at intervals; this does not affect the "
                    + "other sinks or the daemon. When the daemon disconnects, the bridge sends off for everything "
                    + "that is on; after it has reconnected, it sends the current state.",
                "Options of a sink follow its address, separated by commas: "
                    + "osc:127.0.0.1:7700,rate=30,instruments=violin+viola. In a configuration each sink is an "
                    + "[[output]] table with the same names as keys; SIGHUP reloads the configuration.",
            ] + SinkTable.entries.map(paragraph) + ["Options of all sinks: \(options(SinkTable.common))."],
            options: [
                .socket, Option("config", short: "c", .file, help: "read the sinks from this configuration"),
                Option("check", help: "check the sinks and the configuration, and exit"),
                Option("status", help: "print the state of the running bridge"),
                Option("status-socket", .file, help: "the socket on which the bridge reports its state"),
            ],
            operands: [
                Operand(
                    "SINK", .text("SINK"), help: "the address of a sink, such as osc:HOST:PORT", isOptional: true,
                    repeats: true)
            ])
    ) { arguments throws(Failure) in
        if arguments.flag("status") { return try showStatus(arguments) }
        let configuration = try configuration(arguments)
        guard !configuration.sinks.isEmpty else {
            let named = arguments.text("config").map { "\($0) names no sink, and " } ?? ""
            throw Failure(
                "\(named)SINK is missing: timbre bridge osc:127.0.0.1:7700 web:8080, or --config FILE, a file for the bridge",
                .usage)
        }
        guard !arguments.flag("check") else {
            for sink in configuration.sinks { try Output.line(sink.description) }
            return
        }
        try run(configuration, arguments)
    }

    private static func paragraph(_ entry: SinkTable.Entry) -> String {
        let own = entry.options.isEmpty ? "" : " Options: \(options(entry.options))."
        return "\(entry.form): \(entry.summary).\(own)"
    }

    private static func options(_ options: [SinkOption]) -> String {
        options.map { option in
            "\(option.name) (\(option.help)\(option.usual.isEmpty ? "" : "; default: \(option.usual)"))"
        }.joined(separator: ", ")
    }

    private static func configuration(_ arguments: Arguments) throws(Failure) -> BridgeConfiguration {
        do throws(BridgeError) {
            var configuration =
                try arguments.text("config").map(BridgeConfiguration.init(file:)) ?? BridgeConfiguration()
            for operand in arguments.operands { configuration.sinks.append(try BridgeConfiguration.sink(operand)) }
            return configuration
        } catch {
            switch error {
            case .sink: throw Failure(error.description, .usage)
            case .line: throw Failure(error.description, .configuration)
            case .unreadable: throw Failure(error.description, .noInput)
            case .system: throw Failure(error.description, .software)
            }
        }
    }

    private static func run(_ configuration: BridgeConfiguration, _ arguments: Arguments) throws(Failure) {
        let log: @Sendable (String) -> Void = { Output.complain("timbre bridge: \($0)") }
        let signals = Signals(minding: Signals.ending)
        let named = arguments.text("socket") ?? configuration.socket
        let bridge: Bridge
        do throws(BridgeError) {
            bridge = try Bridge(socket: named ?? Daemon(arguments).path, log: log)
            try bridge.apply(configuration.sinks)
        } catch {
            throw Failure(error.description, .software)
        }
        let status = openStatus(arguments.text("status-socket") ?? configuration.status, bridge, log)
        defer { status?.stop() }
        while true {
            _ = signals.wait(for: [], milliseconds: 60_000)
            let taken = signals.take()
            // Without a configuration there is nothing to reload, and SIGHUP means that the terminal is gone.
            if taken.contains(SIGHUP), taken.count == 1, arguments.text("config") != nil {
                reload(bridge, arguments, log)
            } else if !taken.isEmpty {
                break
            }
        }
        if !bridge.stop() { log("a sink did not close its connection within 2 s") }
    }

    private static func reload(_ bridge: Bridge, _ arguments: Arguments, _ log: (String) -> Void) {
        do {
            try bridge.apply(try configuration(arguments).sinks)
            log("the configuration was reloaded")
        } catch let failure as Failure {
            log("\(failure.sentence); the previous sinks stay in use")
        } catch {
            log("\(error)")
        }
    }

    private static func openStatus(_ path: String?, _ bridge: Bridge, _ log: (String) -> Void) -> StatusSocket? {
        guard let path = path ?? ownStatusPath else {
            log("no status socket, because XDG_RUNTIME_DIR is not set: name one with --status-socket for --status")
            return nil
        }
        do {
            return try StatusSocket(path: path) { bridge.status }
        } catch {
            log("the status socket cannot be opened: \(error)")
            return nil
        }
    }

    private static func showStatus(_ arguments: Arguments) throws(Failure) {
        let path = arguments.text("status-socket") ?? usualStatusPath
        let read: EventClient.Read
        do throws(EventServerError) {
            read = try EventClient(path: path).readLine(timeoutMilliseconds: 5_000)
        } catch {
            throw Failure(
                "\(error): no bridge is running, or it uses another status socket (--status-socket)", .unavailable)
        }
        guard case .line(let line) = read, let value = try? JSONParser.parse(line) else {
            throw Failure("\(path): the bridge did not answer", .unavailable)
        }
        for line in outline(value) { try Output.line(line) }
    }

    /// The path at which a bridge of this process may listen.
    private static var ownStatusPath: String? {
        for name in ["RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR"] {
            guard let folder = getenv(name).map({ String(cString: $0) }), !folder.isEmpty else { continue }
            return name == "RUNTIME_DIRECTORY" ? "\(folder)/status.sock" : "\(folder)/timbred-bridge/status.sock"
        }
        return nil
    }

    /// The path of a running bridge: the user's own, or otherwise that of the system.
    private static var usualStatusPath: String {
        if let path = ownStatusPath, access(path, F_OK) == 0 { return path }
        return "/run/timbred-bridge/status.sock"
    }
}
