// An event in a bridge.

import Events
import System

/// An event, its line as the daemon sent it where there is one, and the time of its arrival.
struct SinkEvent: Equatable, Sendable {
    /// The event.
    let event: Event
    /// Time at which the bridge received it, nanoseconds of the monotonic clock.
    let arrival: Int64
    /// From `"type"` to the line feed, as the daemon wrote it, including unknown fields; `nil` when the bridge made
    /// the event.
    private let written: [UInt8]?

    /// Creates an event from a line of the daemon.
    init(_ event: Event, line: String, arrival: Int64) {
        self.event = event
        self.arrival = arrival
        // Every line begins with {"seq":12, and the rest is the same for all consumers.
        let bytes = line.utf8
        if line.hasPrefix("{\"seq\":"), let comma = bytes.firstIndex(of: UInt8(ascii: ",")) {
            written = Array(bytes[bytes.index(after: comma)...]) + [0x0A]
        } else {
            written = nil
        }
    }

    /// Creates an event of the bridge.
    init(_ event: Event, arrival: Int64 = SystemClock.monotonic) {
        self.event = event
        self.arrival = arrival
        written = nil
    }

    /// Returns the line from `"type"` to the line feed.
    func body(_ encoder: inout EventEncoder) -> [UInt8] {
        written ?? encoder.encode(event)
    }
}
