// Measures one call over and over, in CPU time of its thread, and prints a line.

import CMallocCount
import Glibc

/// One thing to measure, and how to print it.
struct Benchmark {
    /// What stands at the beginning of the line.
    let name: String
    /// Seconds of audio that one call deals with; zero when the call has nothing to do with audio.
    let audioSeconds: Double
    /// Arithmetic operations of one call, for the line's last column; zero leaves it out.
    var operations: Double = 0

    /// The heading of the lines.
    static func printHeading(_ topic: String) {
        print("\n" + pad(topic, 44) + "  x real-time        RTF   p50 us   p99 us   max us  allocations")
    }

    /// Calls `body` for about `seconds` after a short warm-up and prints what it took.
    ///
    /// - Returns: The median time of a call in seconds.
    @discardableResult
    func run(seconds: Double = 1, _ body: () -> Void) -> Double {
        for _ in 0..<3 { body() }
        var times: [Double] = []
        times.reserveCapacity(1 << 20)
        let start = Self.cpuSeconds()
        let allocationsBefore = timbre_allocations()
        var now = start
        while now - start < seconds, times.count < times.capacity {
            body()
            let after = Self.cpuSeconds()
            times.append(after - now)
            now = after
        }
        let allocations = Double(timbre_allocations() - allocationsBefore) / Double(times.count)
        let total = now - start
        let count = times.count
        times.sort()
        let realTime = total / (audioSeconds * Double(count))
        print(
            Self.pad(name, 44)
                + (audioSeconds > 0 ? Self.right(1 / realTime, 13, 0) + Self.right(realTime, 11, 6) : Self.pad("", 24))
                + Self.right(times[count / 2] * 1e6, 9, 1) + Self.right(times[count * 99 / 100] * 1e6, 9, 1)
                + Self.right(times[count - 1] * 1e6, 9, 1) + Self.right(allocations, 13, 2)
                + (operations > 0 ? Self.right(operations / times[count / 2] / 1e9, 8, 1) + " G/s" : ""))
        return times[count / 2]
    }

    /// CPU time of the calling thread in seconds.
    static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Returns the text with spaces after it.
    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Returns a number with `digits` decimals and spaces before it.
    static func right(_ value: Double, _ width: Int, _ digits: Int) -> String {
        let scale = pow(10, Double(digits))
        let scaled = Int((abs(value) * scale).rounded())
        var fraction = String(scaled % Int(scale))
        fraction = String(repeating: "0", count: max(0, digits - fraction.count)) + fraction
        let text = (value < 0 ? "-" : "") + String(scaled / Int(scale)) + (digits > 0 ? "." + fraction : "")
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
