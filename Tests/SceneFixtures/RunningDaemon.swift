// A real daemon process with a configuration, a model and a socket of its own.

import EventServer
import Events
import Foundation

/// Starts the built `timbred` and speaks with it.
public final class RunningDaemon {
    /// Its folder and model.
    public let scene: Scene
    /// The process.
    public let process = Process()
    /// Where it listens.
    public let socket: String
    /// Its configuration file.
    public let configuration: URL
    private let errors: URL

    /// Starts a daemon whose streams and other settings stand in `text`.
    ///
    /// - Parameters:
    ///   - arguments: more of them for the command line.
    ///   - output: where its standard output goes; nowhere without one.
    public init(
        _ text: String, scene: Scene, model: String? = nil, waits: Bool = true, environment: [String: String] = [:],
        arguments: [String] = [], output: Pipe? = nil
    ) throws {
        self.scene = scene
        socket = scene.folder.appendingPathComponent("run/timbred.sock").path
        configuration = scene.folder.appendingPathComponent("timbred.conf")
        errors = scene.folder.appendingPathComponent("stderr")
        try Self.settings(text, socket: socket, model: model ?? scene.model).write(
            to: configuration, atomically: true, encoding: .utf8)
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        process.executableURL = Self.program("timbred")
        process.arguments = ["--config", configuration.path] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { own, wanted in
            // The tests themselves may run with a library before all others, which belongs before the daemon too.
            own.hasSuffix(".so") ? "\(own):\(wanted)" : wanted
        }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        if waits { _ = try connect() }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        // A race is told when it is seen, and the daemon goes on; the tests shall not.
        if log.contains("Sanitizer: ") { fatalError("a sanitizer found a fault in timbred:\n\(log)") }
    }

    /// A program that was built beside the test bundle.
    public static func program(_ name: String) -> URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent(name)
    }

    /// A whole configuration around `text`.
    public static func settings(_ text: String, socket: String, model: String) -> String {
        "[model]\npath = \"\(model)\"\n[realtime]\npriority = 0\n[socket]\npath = \"\(socket)\"\n" + text
    }

    /// What it said on standard error.
    public var log: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    /// Connects, waiting for the socket at most a minute, for the machine may be busy.
    public func connect() throws -> EventClient {
        let end = Date() + 60
        while true {
            do {
                return try EventClient(path: socket)
            } catch {
                guard Date() < end, process.isRunning else { throw error }
                usleep(10_000)
            }
        }
    }

    /// Whether a client that reads this knows an instrument to be on: it came on, or had done so before the client came.
    public static func isLit(_ event: Event) -> Bool {
        if case .snapshot(let snapshot) = event.body { return !snapshot.active.isEmpty }
        return event.kind == .on
    }

    /// Reads events until `isWanted`, and returns all of them; ends early when nothing comes for `timeout` ms. Throws when
    /// what is wanted does not come within two minutes, though other events do.
    public func read(
        _ client: EventClient, timeout: Int = 60_000, until isWanted: (Event) -> Bool
    ) throws -> [NumberedEvent] {
        var events: [NumberedEvent] = []
        let end = Date() + 120
        while case .line(let line) = try client.readLine(timeoutMilliseconds: timeout) {
            let event = try NumberedEvent(line: line)
            events.append(event)
            if isWanted(event.event) { break }
            guard Date() < end else { throw NeverCame(count: events.count) }
        }
        return events
    }

    /// Other events came, and not the one that was waited for.
    struct NeverCame: Error {
        let count: Int
    }

    /// Sends a signal and waits for the end; returns the seconds it took; nil when it took more than five, or when another
    /// signal ended it, such as that of a trap, which is said on standard error.
    public func end(_ signal: Int32 = SIGTERM) -> Double? {
        let begin = Date()
        kill(process.processIdentifier, signal)
        while process.isRunning {
            guard Date().timeIntervalSince(begin) < 5 else { return nil }
            usleep(5_000)
        }
        if process.terminationReason == .uncaughtSignal, process.terminationStatus != signal {
            FileHandle.standardError.write(
                Data("timbred was ended by signal \(process.terminationStatus):\n\(log)\n".utf8))
            return nil
        }
        return Date().timeIntervalSince(begin)
    }
}
