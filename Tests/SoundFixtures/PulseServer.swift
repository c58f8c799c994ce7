// A real PulseAudio server of the test's own, on a socket in a private directory.

import AudioCore
import Foundation
import System

/// Starts, stops, freezes and commands a `pulseaudio` with one or more null sinks.
public final class PulseServer {
    /// Whether the programs are installed.
    public static let isInstalled =
        ["pulseaudio", "pacat", "pactl"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }
    /// Why tests are skipped without.
    public static let reason = "pulseaudio and pulseaudio-utils are not installed"

    /// It was started and does not answer.
    struct Silent: Error {}

    /// Where its socket and files lie.
    public let directory: URL
    private var process: ChildProcess?

    /// What libpulse calls the address of the server.
    public var address: String { "unix:\(directory.path)/native" }

    /// Makes the directory; nothing runs yet.
    public init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "timbre-pulse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: directory)
    }

    /// Starts the server with these sinks; returns when it answers.
    public func start(sinks: [String] = ["speaker"]) throws {
        let script = directory.appending(path: "default.pa")
        let lines =
            sinks.map { "load-module module-null-sink sink_name=\($0) rate=44100 channels=2" }
            + ["load-module module-native-protocol-unix socket=\(directory.path)/native auth-anonymous=1"]
        try (lines.joined(separator: "\n") + "\n").write(to: script, atomically: true, encoding: .utf8)
        process = try run(
            "pulseaudio",
            "-n", "-F", script.path, "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-level=error")
        for _ in 0..<200 {
            if try command("info") == 0 { return }
            SystemClock.sleep(nanoseconds: 25_000_000)
        }
        throw Silent()
    }

    /// Ends the server at once, as a crash would.
    public func kill() {
        process = nil
        try? FileManager.default.removeItem(at: directory.appending(path: "native"))
    }

    /// Sends it a signal, for example SIGSTOP to freeze it.
    public func signal(_ number: Int32) {
        process?.signal(number)
    }

    /// Gives `pactl` a command; its exit status.
    @discardableResult
    public func command(_ arguments: String...) throws -> Int32 {
        try run("pactl", arguments).wait()
    }

    /// Plays mono floats at 44.1 kHz into a sink for as long as the result is held, or until they end.
    public func play(_ samples: [Float], into sink: String = "speaker") throws -> ChildProcess {
        let file = directory.appending(path: "\(UUID().uuidString).raw")
        try samples.withUnsafeBytes { Data($0) }.write(to: file)
        return try run(
            "pacat",
            "--playback", "--raw", "--format=float32le", "--rate=44100", "--channels=1", "-d", sink, file.path)
    }

    /// Plays a file into a sink.
    public func play(file path: String, into sink: String = "speaker") throws -> ChildProcess {
        try run("paplay", "-d", sink, path)
    }

    private func run(_ program: String, _ arguments: String...) throws -> ChildProcess {
        try run(program, arguments)
    }

    private func run(_ program: String, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(
            program, arguments,
            environment: [
                "HOME": directory.path, "XDG_RUNTIME_DIR": directory.path, "PULSE_RUNTIME_PATH": directory.path,
                "PULSE_SERVER": address,
            ])
    }
}
