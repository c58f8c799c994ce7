// A daemon beside the benchmarks, which plays tones at the speed of a device.

import EventServer
import Events
import Foundation
import NeuralNetwork
import SceneFixtures

/// Runs `timbred` with the bundled model, or with the tests' model where that is not there, until it is freed.
final class LiveDaemon {
    private let scene: Scene
    private let socket: String
    private let daemon = Process()

    /// Starts it with this many tones, each a source of its own.
    init(streams: Int, _ precision: Precision = .full) throws {
        scene = try Scene()
        socket = scene.folder.appendingPathComponent("timbred.sock").path
        let model =
            FileManager.default.isReadableFile(atPath: "models/default.safetensors")
            ? "models/default.safetensors" : scene.model
        var text = """
            [model]
            path = "\(model)"
            precision = \(precision)
            [socket]
            path = "\(socket)"
            [events]
            activity_rate = 1000

            """
        for number in 0..<streams {
            text += "[[stream]]\nname = \"s\(number)\"\nsource = \"tone:\(220 + 10 * number)\"\n"
        }
        let configuration = scene.folder.appendingPathComponent("timbred.conf")
        try text.write(to: configuration, atomically: true, encoding: .utf8)
        daemon.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("timbred")
        daemon.arguments = ["--config", configuration.path]
        daemon.standardError = FileHandle.nullDevice
        try daemon.run()
    }

    deinit {
        daemon.terminate()
        daemon.waitUntilExit()
    }

    /// A client that receives the activities of every hop.
    func client() throws -> EventClient {
        while true {
            guard let client = try? EventClient(path: socket) else {
                guard daemon.isRunning else { throw CocoaError(.executableLoad) }
                usleep(1_000)
                continue
            }
            try client.send(
                "subscribe", [.init("types", .array([.string("activity")])), .init("activity_rate", .number(1000))])
            return client
        }
    }

    /// The lines of its memory in the kernel's report.
    func memory() throws -> [String] {
        try text("status").split(separator: "\n").filter { $0.hasPrefix("VmRSS") || $0.hasPrefix("VmHWM") }
            .map { $0.replacingOccurrences(of: "\t", with: " ") }
    }

    /// The time and the pauses of a thread, or of several of the same name.
    struct Use {
        var cpuSeconds = 0.0
        var wakeups = 0
        var threads = 0

        static func - (new: Use, old: Use) -> Use {
            Use(cpuSeconds: new.cpuSeconds - old.cpuSeconds, wakeups: new.wakeups - old.wakeups, threads: new.threads)
        }
    }

    /// What its threads have used so far, by name; all captures together.
    func use() throws -> [String: Use] {
        var uses: [String: Use] = [:]
        for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(daemon.processIdentifier)/task") {
            let name = try text("task/\(thread)/comm").trimmingCharacters(in: .newlines)
            let run = try text("task/\(thread)/schedstat").split(separator: " ").first.flatMap { Double($0) } ?? 0
            let pauses =
                try text("task/\(thread)/status").split(separator: "\n")
                .first { $0.hasPrefix("voluntary_ctxt_switches") }?.split(separator: "\t").last.flatMap { Int($0) } ?? 0
            let use = uses[name.hasPrefix("capture") ? "capture" : name] ?? Use()
            uses[name.hasPrefix("capture") ? "capture" : name] = Use(
                cpuSeconds: use.cpuSeconds + run * 1e-9, wakeups: use.wakeups + pauses, threads: use.threads + 1)
        }
        return uses
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOf: URL(fileURLWithPath: "/proc/\(daemon.processIdentifier)/\(name)"), encoding: .utf8)
    }
}
