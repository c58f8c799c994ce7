// The price of live streams: what the running daemon uses for tones that come at the speed of a device.

import EventServer
import Events
import Foundation
import NeuralNetwork

func benchmarkLive() throws {
    print("\nlive streams through the running daemon, CPU seconds a second, wakeups a second")
    print("  streams  analysis (threads)  wakeups  all threads  wakeups  latency p50   p95 ms")
    for precision in Precision.allCases where precision == .full || Precision.int8IsFast {
        print("  \(precision)")
        for streams in [1, 4, 16, 32, 64] { try measure(streams: streams, precision, seconds: 8) }
    }
    try measureColdReading()
}

private func measure(streams: Int, _ precision: Precision, seconds: Double) throws {
    let daemon = try LiveDaemon(streams: streams, precision)
    let client = try daemon.client()
    var delays: [Double] = []
    /// Reads until a moment of the wall clock; the delays of what came then are kept if it is wanted.
    func read(for seconds: Double, keeping: Bool) throws {
        let end = WallTime.now().nanoseconds + Int64(seconds * 1e9)
        while WallTime.now().nanoseconds < end, case .line(let line) = try client.readLine(timeoutMilliseconds: 5000) {
            let now = WallTime.now().nanoseconds
            guard keeping, let wall = try NumberedEvent(line: line).event.position?.time.wall else { continue }
            delays.append(Double(now - wall.nanoseconds) * 1e-6)
        }
    }
    // The first seconds belong to the start.
    try read(for: 2, keeping: false)
    let (before, begin) = (try daemon.use(), WallTime.now().nanoseconds)
    try read(for: seconds, keeping: true)
    let (after, end) = (try daemon.use(), WallTime.now().nanoseconds)
    let time = Double(end - begin) * 1e-9
    var whole = LiveDaemon.Use()
    for (name, use) in after {
        let used = use - (before[name] ?? LiveDaemon.Use())
        whole.cpuSeconds += used.cpuSeconds
        whole.wakeups += used.wakeups
    }
    let analysis = (after["analysis"] ?? .init()) - (before["analysis"] ?? .init())
    delays.sort()
    guard delays.count > 100 else { return print("  \(streams): no activity came") }
    print(
        Benchmark.right(Double(streams), 9, 0) + Benchmark.right(analysis.cpuSeconds / time, 16, 4)
            + " (\(analysis.threads))" + Benchmark.right(Double(analysis.wakeups) / time, 9, 0)
            + Benchmark.right(whole.cpuSeconds / time, 13, 4) + Benchmark.right(Double(whole.wakeups) / time, 9, 0)
            + Benchmark.right(delays[delays.count / 2], 13, 2) + Benchmark.right(delays[delays.count * 95 / 100], 9, 2))
}

/// What the machine takes only to read the model's weights once a hop, after it has slept as long as a hop: the floor of
/// one live stream.
private func measureColdReading() throws {
    guard let weights = FileManager.default.contents(atPath: "models/default.safetensors") else {
        return print("  reading the weights: models/default.safetensors is not here")
    }
    let (hop, hops) = (512.0 / 44_100, 200)
    var (used, sum) = (0.0, UInt64(0))
    weights.withUnsafeBytes { bytes in
        for _ in 0..<hops {
            usleep(UInt32(hop * 1e6))
            let begin = Benchmark.cpuSeconds()
            // One byte of each cache line.
            for index in stride(from: 0, to: bytes.count, by: 64) { sum &+= UInt64(bytes[index]) }
            used += Benchmark.cpuSeconds() - begin
        }
    }
    // The sum is printed so that the reading is not optimised away.
    print(
        "  reading the weights, \(weights.count) bytes, once a hop after its pause:"
            + Benchmark.right(used / Double(hops) / hop, 7, 4) + " (sum \(sum))")
}
