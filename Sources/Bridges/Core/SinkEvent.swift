// An event on its way through a bridge.

import Events
import System

/// An event, the bytes of its line where it is as the daemon sent it, and when it came.
struct SinkEvent: Equatable, Sendable {
    /// What happened.
    let event: Event
    /// When the bridge got it, nanoseconds of the monotonic clock.
    let arrival: Int64
    /// From `"type"` to the line feed, as the daemon wrote it, unknown fields included; `nil` when the bridge made the event.
    private let written: [UInt8]?

    /// A line of the daemon.
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

    /// An event of the bridge's own making.
    init(_ event: Event, arrival: Int64 = SystemClock.monotonic) {
        self.event = event
        self.arrival = arrival
        written = nil
    }

    /// From `"type"` to the line feed.
    func body(_ encoder: inout EventEncoder) -> [UInt8] {
        written ?? encoder.encode(event)
    }
}
