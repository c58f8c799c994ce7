// Derives settings, a model and a socket from the command line, or an error message and an exit status.

import CommandLine
import Configuration
import Engine
import EventServer
import Glibc

/// The parameters of the daemon's start.
struct Launch {
    /// The reason why the daemon cannot start.
    struct Failure: Error {
        let sentence: String
        let code: ExitCode
    }

    let settings: Settings
    let configurationPath: String?
    let modelPath: String
    let writesStandardOutput: Bool
    private let arguments: Arguments

    init(_ arguments: Arguments) throws(Failure) {
        configurationPath = arguments.text("config")
        var settings = Settings()
        if let configurationPath {
            do throws(ConfigurationError) {
                settings = try Settings(file: configurationPath)
            } catch {
                throw Failure(sentence: "\(error)", code: .configuration)
            }
        }
        self.arguments = arguments
        Self.override(&settings, arguments)
        guard let model = settings.modelPath ?? BundledFile.model.path else {
            throw Failure(
                sentence: "the bundled model (\(BundledFile.model.rawValue)) is missing: "
                    + "install it, or name a model with --model", code: .configuration)
        }
        self.settings = settings
        modelPath = model
        writesStandardOutput = arguments.flag("stdout")
    }

    /// Returns settings that were read again with what the command line overrides.
    func overriding(_ settings: Settings) -> Settings {
        var settings = settings
        Self.override(&settings, arguments)
        return settings
    }

    private static func override(_ settings: inout Settings, _ arguments: Arguments) {
        if let model = arguments.text("model") { settings.modelPath = model }
        if let source = arguments.text("source") { settings.streams = [StreamSettings(source: source)] }
        if let socket = arguments.text("socket") {
            settings.socket.path = socket == "none" ? nil : socket
        } else if settings.socket.path == SocketSettings.systemPath {
            settings.socket.path = usualSocket
        }
    }

    /// Creates an engine; the error of a source names `--source`, or the line of the configuration.
    func located(_ make: () throws(EngineError) -> Engine) throws -> Engine {
        do throws(EngineError) {
            return try make()
        } catch {
            guard case .source(let name, let reason) = error else { throw error }
            if arguments.text("source") != nil { throw Failure(sentence: "--source: \(reason)", code: .usage) }
            guard let configurationPath,
                let stream = settings.streams.first(where: { $0.name == name }), stream.sourceLine > 0
            else { throw error }
            throw ConfigurationError.line(file: configurationPath, line: stream.sourceLine, problem: "\(error)")
        }
    }

    /// The system's socket, or the user's socket in the runtime folder where the user may not create the former;
    /// `timbre` uses the same paths.
    private static var usualSocket: String {
        let mayMake = access("/run/timbred", W_OK) == 0 || (errno == ENOENT && access("/run", W_OK) == 0)
        guard !mayMake, let own = getenv("XDG_RUNTIME_DIR").map({ String(cString: $0) }), own.hasPrefix("/") else {
            return SocketSettings.systemPath
        }
        return "\(own)/timbred/timbred.sock"
    }

    /// Returns the socket from systemd, or the configured one.
    func listen() throws(EventServerError) -> ListeningSocket? {
        if let inherited = try ListeningSocket.inherited() { return inherited }
        guard let path = settings.socket.path else { return nil }
        return try ListeningSocket(path: path, group: settings.socket.group)
    }

    /// The server's limits as configured.
    var limits: ServerLimits {
        ServerLimits(
            clients: settings.socket.maximumClients, queueBytes: settings.socket.queueBytes,
            lagMilliseconds: settings.socket.lagSeconds * 1000)
    }
}
