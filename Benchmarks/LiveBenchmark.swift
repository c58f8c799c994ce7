// The price of live streams: what the running daemon uses for tones that come at the speed of a device.

import EventServer
import Events
import Foundation

func benchmarkLive() throws {
    print("\nlive streams through the running daemon, CPU seconds a second, wakeups a second")
    print("  streams  analysis (threads)  wakeups  all threads  wakeups  latency p50   p95 ms")
    for streams in [1, 4, 16, 32] { try measure(streams: streams, seconds: 8) }
    try measureColdReading()
}

private func measure(streams: Int, seconds: Double) throws {
    let daemon = try LiveDaemon(streams: streams)
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
    func column(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func figure(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
    print(
        column("\(streams)", 9) + column("\(figure(analysis.cpuSeconds / time, 4)) (\(analysis.threads))", 20)
            + column(figure(Double(analysis.wakeups) / time, 0), 9) + column(figure(whole.cpuSeconds / time, 4), 13)
            + column(figure(Double(whole.wakeups) / time, 0), 9) + column(figure(delays[delays.count / 2], 2), 13)
            + column(figure(delays[delays.count * 95 / 100], 2), 9))
}

/// What the machine takes only to read the model's weights once a hop, after it has slept as long as a hop: the floor of
/// one live stream.
private func measureColdReading() throws {
    let weights = try Data(contentsOf: URL(fileURLWithPath: "models/default.safetensors"))
    let count = weights.count / 8
    let words = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
    defer { words.deallocate() }
    weights.copyBytes(to: UnsafeMutableRawBufferPointer(start: words, count: count * 8))
    let (hop, hops) = (512.0 / 44_100, 200)
    var (used, sum) = (0.0, UInt64(0))
    for _ in 0..<hops {
        usleep(UInt32(hop * 1e6))
        let begin = Benchmark.cpuSeconds()
        var index = 0
        // One word of each cache line.
        while index < count {
            sum &+= words[index]
            index += 8
        }
        used += Benchmark.cpuSeconds() - begin
    }
    let share = used / Double(hops) / hop
    print(
        "  reading the weights, \(weights.count) bytes, once a hop after its pause: \(String(format: "%.4f", share)) (sum \(sum % 10))"
    )
}
