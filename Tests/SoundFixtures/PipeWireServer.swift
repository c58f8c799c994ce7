// A real PipeWire with a real session manager, of the test's own, on a socket in a private directory.

import Foundation
import System

/// Starts, stops and commands a `pipewire` with a null sink called "speaker", and a `wireplumber` that links streams.
public final class PipeWireServer {
    /// Whether the programs are installed.
    public static let isInstalled = ["pipewire", "wireplumber", "pw-cat", "pw-cli"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
    }
    /// Why tests are skipped without.
    public static let reason = "pipewire, pipewire-bin and wireplumber are not installed"

    /// It was started and does not answer.
    struct Silent: Error {}

    /// Where its socket and files lie.
    public let directory: URL
    private var server: ChildProcess?
    private var manager: ChildProcess?

    /// The remote that clients connect to: the path of its socket.
    public var remote: String { "\(directory.path)/timbre-test" }

    private static let configuration = """
        context.properties = { core.daemon = true core.name = timbre-test default.clock.rate = 48000 }
        context.spa-libs = {
            audio.convert.* = audioconvert/libspa-audioconvert
            support.* = support/libspa-support
        }
        context.modules = [
            { name = libpipewire-module-protocol-native }
            { name = libpipewire-module-metadata }
            { name = libpipewire-module-spa-node-factory }
            { name = libpipewire-module-client-node }
            { name = libpipewire-module-access args = { } }
            { name = libpipewire-module-adapter }
            { name = libpipewire-module-link-factory }
            { name = libpipewire-module-session-manager }
        ]
        context.objects = [
            { factory = adapter args = {
                factory.name = support.null-audio-sink node.name = speaker node.description = "Test speaker"
                media.class = Audio/Sink audio.position = "FL,FR" audio.rate = 48000 object.linger = true
            } }
        ]
        """

    /// Makes the directory; nothing runs yet.
    public init() throws {
        // A socket's path has at most 107 bytes.
        directory = FileManager.default.temporaryDirectory.appending(path: "tpw-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try Self.configuration.write(
            to: directory.appending(path: "pipewire.conf"), atomically: true, encoding: .utf8)
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(at: directory)
    }

    /// Starts both programs; returns when a stream can be linked.
    public func start() throws {
        server = try run("pipewire", "-c", "\(directory.path)/pipewire.conf")
        for _ in 0..<400 where !FileManager.default.fileExists(atPath: remote) {
            SystemClock.sleep(nanoseconds: 25_000_000)
        }
        // The policy alone: monitors of hardware want a bus and find nothing here.
        manager = try run("wireplumber", "-c", "policy.conf")
        for _ in 0..<200 {
            if try run("pw-cli", "info", "speaker").wait() == 0 { return }
            SystemClock.sleep(nanoseconds: 25_000_000)
        }
        throw Silent()
    }

    /// Ends both at once, as a crash would.
    public func kill() {
        manager = nil
        server = nil
        for name in ["timbre-test", "timbre-test.lock"] {
            try? FileManager.default.removeItem(at: directory.appending(path: name))
        }
    }

    /// Removes a node, as unplugging does.
    public func destroy(_ node: String) throws { try run("pw-cli", "destroy", node).wait() }

    /// Plays a file into a sink for as long as the result is held, or until it ends.
    public func play(file path: String, into sink: String = "speaker") throws -> ChildProcess {
        try run("pw-cat", "--playback", "--target", sink, path)
    }

    private func run(_ program: String, _ arguments: String...) throws -> ChildProcess {
        try ChildProcess(
            program, arguments,
            environment: [
                "HOME": directory.path, "XDG_RUNTIME_DIR": directory.path, "PIPEWIRE_RUNTIME_DIR": directory.path,
                "PIPEWIRE_REMOTE": "timbre-test", "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            ])
    }
}
