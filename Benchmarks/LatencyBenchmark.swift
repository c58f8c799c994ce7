// The running daemon from outside: how soon a line follows its sound, how soon it hears, how much memory it takes.

import EventServer
import Events
import Foundation
import SceneFixtures

func benchmarkLatency() throws {
    let scene = try Scene()
    let socket = scene.folder.appendingPathComponent("timbred.sock").path
    let model =
        FileManager.default.isReadableFile(atPath: "models/default.safetensors")
        ? "models/default.safetensors" : scene.model
    let configuration = scene.folder.appendingPathComponent("timbred.conf")
    try """
    [model]
    path = "\(model)"
    [socket]
    path = "\(socket)"
    [events]
    activity_rate = 1000
    [[stream]]
    name = "main"
    source = "tone:440"
    """.write(to: configuration, atomically: true, encoding: .utf8)

    let daemon = Process()
    daemon.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("timbred")
    daemon.arguments = ["--config", configuration.path]
    daemon.standardError = FileHandle.nullDevice
    let begin = WallTime.now().nanoseconds
    try daemon.run()
    defer { daemon.terminate() }
    let client = try connect(socket)
    try client.send(
        "subscribe", [.init("types", .array([.string("activity")])), .init("activity_rate", .number(1000))])

    var delays: [Double] = []
    var start: Double?
    while delays.count < 860, case .line(let line) = try client.readLine(timeoutMilliseconds: 5000) {
        let now = WallTime.now().nanoseconds
        let event = try NumberedEvent(line: line).event
        guard event.kind == .activity, let wall = event.position?.time.wall else { continue }
        start = start ?? Double(now - begin) * 1e-6
        delays.append(Double(now - wall.nanoseconds) * 1e-6)
    }
    delays.sort()
    guard let first = start, delays.count > 100 else { return print("latency: no activity came") }
    print("\nlatency: \(delays.count) hops of a tone through the running daemon")
    print("  last sample of a hop to its line at a client, ms: median \(rounded(delays[delays.count / 2]))")
    print("    95th percentile \(rounded(delays[delays.count * 95 / 100])), worst \(rounded(delays[delays.count - 1]))")
    print("  start of the process to the first activity: \(rounded(first)) ms")
    let status = try String(
        contentsOf: URL(fileURLWithPath: "/proc/\(daemon.processIdentifier)/status"), encoding: .utf8)
    for line in status.split(separator: "\n") where line.hasPrefix("VmRSS") || line.hasPrefix("VmHWM") {
        print("  \(line.replacingOccurrences(of: "\t", with: " "))")
    }
}

private func connect(_ socket: String) throws -> EventClient {
    while true {
        if let client = try? EventClient(path: socket) { return client }
        usleep(1_000)
    }
}

private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
