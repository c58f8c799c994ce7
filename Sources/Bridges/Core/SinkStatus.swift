// The state of a sink.

import Events
import JSON

/// State and counters of one sink, for `--status`, the log and Prometheus.
public struct SinkStatus: Equatable, Sendable {
    /// The state of a sink.
    public enum State: String, Sendable {
        /// It connects to its peer.
        case opening
        /// It forwards events.
        case open
        /// It failed and waits before the next attempt.
        case waiting
        /// It has ended.
        case closed
    }

    /// Upper bounds of the delay histogram, in milliseconds.
    static let delayBounds: [Double] = [1, 2, 5, 10, 20, 50, 100, 500]

    /// The sink's address.
    public var name: String
    /// The state.
    public var state = State.opening
    /// The reason why it waits, or a description of its state.
    public var message = ""
    /// Events sent.
    public var sent: Int64 = 0
    /// Events that arrived while it was not open, or that a full queue dropped.
    public var missed: Int64 = 0
    /// Number of failures.
    public var failures: Int64 = 0
    /// Number of events that were sent within each of `delayBounds`, and beyond the last.
    var delays = [Int64](repeating: 0, count: delayBounds.count + 1)
    /// Sum of all delays, in seconds.
    var delaySum = 0.0

    init(name: String) {
        self.name = name
    }

    /// Counts one event that was sent with this delay after its arrival at the bridge, in nanoseconds.
    mutating func count(delay: Int64) {
        sent += 1
        let milliseconds = Double(delay) / 1e6
        delaySum += milliseconds / 1000
        delays[Self.delayBounds.firstIndex { milliseconds <= $0 } ?? Self.delayBounds.count] += 1
    }

    /// Members for `--status`.
    var json: JSONValue {
        .object([
            .init("sink", .string(name)), .init("state", .string(state.rawValue)), .init("message", .string(message)),
            .init("sent", .number(Double(sent))), .init("missed", .number(Double(missed))),
            .init("failures", .number(Double(failures))),
        ])
    }

    /// Returns the counters of all sinks in Prometheus text format.
    static func prometheus(_ all: [SinkStatus]) -> String {
        var text = ""
        func family(_ name: String, _ type: String, _ help: String, _ value: (SinkStatus) -> String) {
            text += "# HELP timbred_bridge_\(name) \(help)\n# TYPE timbred_bridge_\(name) \(type)\n"
            for status in all { text += "timbred_bridge_\(name){sink=\"\(escaped(status.name))\"} \(value(status))\n" }
        }
        guard !all.isEmpty else { return "" }
        family("sink_open", "gauge", "1 while the sink is open.") { $0.state == .open ? "1" : "0" }
        family("events_total", "counter", "Events sent.") { String($0.sent) }
        family("missed_total", "counter", "Events dropped while the sink was closed or too slow.") {
            String($0.missed)
        }
        family("failures_total", "counter", "Failures of the sink.") { String($0.failures) }
        text +=
            "# HELP timbred_bridge_delay_seconds Seconds from the arrival of an event at the bridge until it was sent.\n"
        text += "# TYPE timbred_bridge_delay_seconds histogram\n"
        for status in all {
            let label = "sink=\"\(escaped(status.name))\""
            var sum: Int64 = 0
            for (index, count) in status.delays.enumerated() {
                sum += count
                let bound = index < delayBounds.count ? String(delayBounds[index] / 1000) : "+Inf"
                text += "timbred_bridge_delay_seconds_bucket{\(label),le=\"\(bound)\"} \(sum)\n"
            }
            text += "timbred_bridge_delay_seconds_sum{\(label)} \(status.delaySum)\n"
            text += "timbred_bridge_delay_seconds_count{\(label)} \(sum)\n"
        }
        return text
    }

    private static func escaped(_ name: String) -> String {
        var text = ""
        for character in name {
            switch character {
            case "\\", "\"": text += "\\\(character)"
            default: text.append(character)
            }
        }
        return text
    }
}
