// The running daemon from outside: how soon a line follows its sound, how soon it hears, how much memory it takes.

import EventServer
import Events
import Foundation

func benchmarkLatency() throws {
    let begin = WallTime.now().nanoseconds
    let daemon = try LiveDaemon(streams: 1)
    let client = try daemon.client()

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
    for line in try daemon.memory() { print("  \(line)") }
}

private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
