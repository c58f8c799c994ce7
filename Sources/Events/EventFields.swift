// Typed access to the fields of a decoded line.

import AudioCore
import JSON

/// The fields of one line or of an object in it, read by name and type; errors name the wrong field.
struct EventFields {
    private let object: JSONValue

    init(_ object: JSONValue) {
        self.object = object
    }

    init(line: ArraySlice<UInt8>) throws(EventsError) {
        do throws(JSONError) {
            object = try JSONParser.parse(line)
        } catch {
            throw .json(error)
        }
    }

    private func read<Value>(
        _ name: String, _ what: String, _ convert: (JSONValue) -> Value?
    ) throws(EventsError) -> Value {
        guard let field = object[name] else { throw .event(problem: "its field \"\(name)\" is missing") }
        guard let value = convert(field) else { throw .event(problem: "its field \"\(name)\" is not \(what)") }
        return value
    }

    func integer(_ name: String) throws(EventsError) -> Int64 { try read(name, "a whole number", \.integer) }
    func number(_ name: String) throws(EventsError) -> Double { try read(name, "a number", \.double) }
    func numberIfPresent(_ name: String) throws(EventsError) -> Double? { object[name] == nil ? nil : try number(name) }
    func float(_ name: String) throws(EventsError) -> Float { Float(try number(name)) }
    func share(_ name: String) throws(EventsError) -> Float {
        try read(name, "a number from 0 to 1") { $0.double.flatMap { (0...1).contains($0) ? Float($0) : nil } }
    }
    func text(_ name: String) throws(EventsError) -> String { try read(name, "a string", \.text) }

    func name<Value: RawRepresentable<String>>(_ name: String) throws(EventsError) -> Value {
        try read(name, "one of its known words") { $0.text.flatMap(Value.init(rawValue:)) }
    }

    func state(_ name: String) throws(EventsError) -> SourceState {
        try read(name, "one of its known words") { $0.text.flatMap(SourceState.init) }
    }

    private func objects(_ name: String) throws(EventsError) -> [EventFields] {
        try read(name, "a list", \.elements).map(EventFields.init)
    }

    private func members(_ name: String) throws(EventsError) -> [JSONValue.Member] {
        try read(name, "an object", \.members)
    }

    private func texts(_ name: String) throws(EventsError) -> [String] {
        try read(name, "a list of strings") { field in
            field.elements.flatMap { elements in
                let texts = elements.compactMap(\.text)
                return texts.count == elements.count ? texts : nil
            }
        }
    }

    func time() throws(EventsError) -> StreamTime {
        let wall: WallTime? =
            object["wall"] == nil ? nil : try read("wall", "an RFC 3339 time") { $0.text.flatMap(WallTime.init) }
        return StreamTime(frame: try integer("frame"), seconds: try number("t"), wall: wall)
    }

    func body(of kind: EventKind) throws(EventsError) -> Event.Body {
        switch kind {
        case .hello: .hello(try hello())
        case .snapshot: .snapshot(try snapshot())
        case .on:
            .on(
                .init(
                    instrument: try text("instrument"), family: try text("family"),
                    confidence: try share("confidence"), onset: try numberIfPresent("onset")))
        case .off:
            .off(
                .init(
                    instrument: try text("instrument"), family: try text("family"),
                    confidence: try share("confidence"), duration: try number("duration"),
                    offset: try numberIfPresent("offset")))
        case .activity: .activity(try activity())
        case .tags: .tags(try tags())
        case .health:
            .health(.init(state: try state("state"), source: try text("source"), message: try text("message")))
        case .discontinuity:
            .discontinuity(.init(reason: try name("reason"), lostSeconds: try number("lost_seconds")))
        case .mark: .mark(text: try text("text"))
        case .recording:
            .recording(.init(state: try name("state"), session: try text("session"), message: try text("message")))
        case .lagged:
            .lagged(.init(skipped: try integer("skipped"), from: try integer("from"), to: try integer("to")))
        case .closing: .closing(reason: try text("reason"))
        case .reply: .reply(try reply())
        }
    }

    private func hello() throws(EventsError) -> Hello {
        let version = try integer("protocol")
        guard version == Hello.protocolVersion else {
            throw .event(
                problem: "it has protocol version \(version), and this program supports \(Hello.protocolVersion)")
        }
        var instruments: [Hello.Instrument] = []
        let families = EventFields(.object(try members("families")))
        for name in try texts("classes") {
            instruments.append(.init(name: name, family: try families.text(name)))
        }
        return Hello(
            software: try text("software"), build: object["build"] == nil ? "" : try text("build"),
            stream: try text("stream"), source: try text("source"),
            rate: try whole("rate"), hop: try whole("hop"), instruments: instruments, model: try model("model"),
            precision: object["precision"] == nil ? "" : try text("precision"), tagModel: try model("tag_model"),
            latencyMilliseconds: try number("latency_ms"),
            streams: try texts("streams"))
    }

    private func model(_ name: String) throws(EventsError) -> Hello.Model? {
        guard let field = object[name], field != .null else { return nil }
        let fields = EventFields(field)
        return .init(name: try fields.text("name"), sha256: try fields.text("sha256"))
    }

    private func tags() throws(EventsError) -> Tags {
        let window = EventFields(.object(try members("window")))
        var tags: [Tags.Tag] = []
        for fields in try objects("tags") {
            var attention: Tags.Attention?
            if fields.object["attention"] != nil {
                let focus = EventFields(.object(try fields.members("attention")))
                attention = .init(
                    time: try focus.number("time"), low: try focus.number("low_hz"), high: try focus.number("high_hz"))
            }
            tags.append(
                .init(
                    instrument: try fields.text("instrument"), family: try fields.text("family"),
                    probability: try fields.share("probability"), attention: attention))
        }
        return Tags(start: try window.number("start"), end: try window.number("end"), tags: tags)
    }

    private func whole(_ name: String) throws(EventsError) -> Int {
        try read(name, "a whole number") { $0.integer.map(Int.init) }
    }

    private func snapshot() throws(EventsError) -> Snapshot {
        var active: [Snapshot.Active] = []
        for fields in try objects("active") {
            active.append(
                .init(
                    stream: try fields.text("stream"), instrument: try fields.text("instrument"),
                    family: try fields.text("family"), since: try fields.number("since"),
                    confidence: try fields.share("confidence")))
        }
        var health: [Snapshot.StreamHealth] = []
        let states = try members("health")
        for state in states {
            health.append(.init(stream: state.name, state: try EventFields(.object(states)).state(state.name)))
        }
        return Snapshot(active: active, health: health)
    }

    private func activity() throws(EventsError) -> Activity {
        let members = try members("levels")
        let levels = EventFields(.object(members))
        var values: [Float] = []
        for member in members { values.append(try levels.share(member.name)) }
        return Activity(
            instruments: members.map(\.name), levels: values, peak: try float("peak_dbfs"), rms: try float("rms_dbfs"))
    }

    private func reply() throws(EventsError) -> Reply {
        let command = try text("command")
        guard try read("ok", "true or false", \.boolean) else {
            return Reply(command: command, outcome: .refused(try text("error")))
        }
        let own: Set = ["seq", "type", "command", "ok"]
        return Reply(command: command, outcome: .done((object.members ?? []).filter { !own.contains($0.name) }))
    }
}
