// Encodes an event as the bytes of its line.

import JSON

/// Writes events as JSON, one line each, into a buffer that is reused. Only the sequence number differs between
/// consumers, so the rest is encoded once: a line is ``lineStart(_:into:)`` followed by ``encode(_:)``.
public struct EventEncoder {
    private var writer = JSONWriter()

    /// Creates an encoder.
    public init() {}

    /// Appends `{"seq":12,`, the start of a consumer's line.
    public static func lineStart(_ sequence: Int64, into writer: inout JSONWriter) {
        writer.raw("{\"seq\":")
        writer.integer(sequence)
        writer.raw(",")
    }

    /// Returns the rest of the event's line, from `"type"` to the line feed. Times have 6 decimals, confidences and
    /// levels 3, dB 1. A value that is not finite is written as 0, or as -120 where it is a level in dB.
    public mutating func encode(_ event: Event) -> [UInt8] {
        writer.bytes.removeAll(keepingCapacity: true)
        writer.raw("\"type\":\"")
        writer.bytes.append(contentsOf: event.kind.rawValue.utf8)
        writer.raw("\"")
        if let position = event.position { write(position) }
        write(event.body)
        writer.raw("}\n")
        return writer.bytes
    }

    /// Returns the complete line, for a sink with a single consumer.
    public mutating func line(_ event: Event, sequence: Int64) -> [UInt8] {
        var line = JSONWriter()
        Self.lineStart(sequence, into: &line)
        line.bytes += encode(event)
        return line.bytes
    }

    private mutating func write(_ position: Event.Position) {
        text("stream", position.stream)
        number("t", position.time.seconds, decimals: 6)
        integer("frame", position.time.frame)
        if let wall = position.time.wall {
            writer.raw(",\"wall\":\"")
            wall.appendText(to: &writer.bytes)
            writer.raw("\"")
        }
    }

    private mutating func write(_ body: Event.Body) {
        switch body {
        case .hello(let hello): write(hello)
        case .snapshot(let snapshot): write(snapshot)
        case .on(let on):
            instrument(on.instrument, on.family, on.confidence)
            if let onset = on.onset { number("onset", onset, decimals: 6) }
        case .off(let off):
            instrument(off.instrument, off.family, off.confidence)
            number("duration", off.duration, decimals: 6)
            if let offset = off.offset { number("offset", offset, decimals: 6) }
        case .activity(let activity): write(activity)
        case .tags(let tags): write(tags)
        case .health(let health):
            text("state", health.state.description)
            text("source", health.source)
            text("message", health.message)
        case .discontinuity(let discontinuity):
            text("reason", discontinuity.reason.rawValue)
            number("lost_seconds", discontinuity.lostSeconds, decimals: 6)
        case .mark(let mark): text("text", mark)
        case .recording(let change):
            text("state", change.state.rawValue)
            text("session", change.session)
            text("message", change.message)
        case .lagged(let lagged):
            integer("skipped", lagged.skipped)
            integer("from", lagged.from)
            integer("to", lagged.to)
        case .closing(let reason): text("reason", reason)
        case .reply(let reply): write(reply)
        }
    }

    private mutating func write(_ hello: Hello) {
        integer("protocol", Int64(Hello.protocolVersion))
        text("software", hello.software)
        if !hello.build.isEmpty { text("build", hello.build) }
        text("stream", hello.stream)
        text("source", hello.source)
        integer("rate", Int64(hello.rate))
        integer("hop", Int64(hello.hop))
        list("classes", hello.instruments.map(\.name))
        writer.raw(",\"families\":{")
        for (index, instrument) in hello.instruments.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.string(instrument.name)
            writer.raw(":")
            writer.string(instrument.family)
        }
        writer.raw("}")
        if let model = hello.model {
            writer.raw(",\"model\":{\"name\":")
            writer.string(model.name)
            text("sha256", model.sha256)
            writer.raw("}")
        } else {
            writer.raw(",\"model\":null")
        }
        if !hello.precision.isEmpty { text("precision", hello.precision) }
        if let model = hello.tagModel {
            writer.raw(",\"tag_model\":{\"name\":")
            writer.string(model.name)
            text("sha256", model.sha256)
            writer.raw("}")
        }
        number("latency_ms", hello.latencyMilliseconds, decimals: 1)
        list("streams", hello.streams)
    }

    private mutating func write(_ snapshot: Snapshot) {
        writer.raw(",\"active\":[")
        for (index, active) in snapshot.active.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.raw("{\"stream\":")
            writer.string(active.stream)
            text("instrument", active.instrument)
            text("family", active.family)
            number("since", active.since, decimals: 6)
            number("confidence", Double(active.confidence), decimals: 3)
            writer.raw("}")
        }
        writer.raw("],\"health\":{")
        for (index, health) in snapshot.health.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.string(health.stream)
            writer.raw(":")
            writer.string(health.state.description)
        }
        writer.raw("}")
    }

    private mutating func write(_ activity: Activity) {
        writer.raw(",\"levels\":{")
        for (index, name) in activity.instruments.enumerated() where index < activity.levels.count {
            if index > 0 { writer.raw(",") }
            writer.string(name)
            writer.raw(":")
            writer.fixed(Double(activity.levels[index]), decimals: 3)
        }
        writer.raw("}")
        level("peak_dbfs", activity.peak)
        level("rms_dbfs", activity.rms)
    }

    private mutating func write(_ tags: Tags) {
        writer.raw(",\"window\":{\"start\":")
        writer.fixed(tags.start, decimals: 6)
        number("end", tags.end, decimals: 6)
        writer.raw("},\"tags\":[")
        for (index, tag) in tags.tags.enumerated() {
            writer.raw(index > 0 ? ",{\"instrument\":" : "{\"instrument\":")
            writer.string(tag.instrument)
            text("family", tag.family)
            number("probability", Double(tag.probability), decimals: 3)
            if let attention = tag.attention {
                writer.raw(",\"attention\":{\"time\":")
                writer.fixed(attention.time, decimals: 3)
                number("low_hz", attention.low, decimals: 0)
                number("high_hz", attention.high, decimals: 0)
                writer.raw("}")
            }
            writer.raw("}")
        }
        writer.raw("]")
    }

    private mutating func write(_ reply: Reply) {
        text("command", reply.command)
        switch reply.outcome {
        case .done(let members):
            writer.raw(",\"ok\":true")
            for member in members {
                key(member.name)
                writer.value(member.value)
            }
        case .refused(let error):
            writer.raw(",\"ok\":false")
            text("error", error)
        }
    }

    private mutating func key(_ name: String) {
        writer.raw(",")
        writer.string(name)
        writer.raw(":")
    }

    private mutating func text(_ name: String, _ value: String) {
        key(name)
        writer.string(value)
    }

    private mutating func integer(_ name: String, _ value: Int64) {
        key(name)
        writer.integer(value)
    }

    private mutating func number(_ name: String, _ value: Double, decimals: Int) {
        key(name)
        writer.fixed(value, decimals: decimals)
    }

    private mutating func level(_ name: String, _ level: Float) {
        // The result of max() with a NaN depends on the order of its arguments.
        number(name, Double(level >= Activity.lowestLevel ? level : Activity.lowestLevel), decimals: 1)
    }

    private mutating func list(_ name: String, _ values: [String]) {
        key(name)
        writer.raw("[")
        for (index, value) in values.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.string(value)
        }
        writer.raw("]")
    }

    private mutating func instrument(_ name: String, _ family: String, _ confidence: Float) {
        text("instrument", name)
        text("family", family)
        number("confidence", Double(confidence), decimals: 3)
    }
}
