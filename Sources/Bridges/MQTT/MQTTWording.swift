// The MQTT messages for each event.

import Events

/// Converts events to MQTT messages. A pure value.
///
/// | topic | payload |
/// |---|---|
/// | `PREFIX/available` | `online`, `offline`; retained, also the last will |
/// | `PREFIX/STREAM/INSTRUMENT/on` | `ON`, `OFF`; retained |
/// | `PREFIX/STREAM/INSTRUMENT/level` | `0.83`, where it changed by a hundredth |
/// | `PREFIX/STREAM/family/FAMILY/on` | `ON`, `OFF`; retained |
/// | `PREFIX/STREAM/health` | `running`, `lost` and so on; retained |
/// | `PREFIX/STREAM/event` | the line of `on`, `off`, `tags`, `mark`, `discontinuity` and `recording` |
struct MQTTWording {
    /// The prefix when the sink's address names none.
    static let usualPrefix = "timbred"

    let prefix: String
    private let filter: SinkFilter
    private var encoder = EventEncoder()
    private var families: [String: String] = [:]
    private var lit: [String: [String: String]] = [:]
    private var levels: [String: Int] = [:]

    init(prefix: String, filter: SinkFilter) {
        self.prefix = prefix
        self.filter = filter
    }

    /// Topic of the availability of the bridge and its daemon.
    var availability: String { "\(prefix)/available" }

    func topic(_ stream: String, _ rest: String) -> String { "\(prefix)/\(MQTTMessage.part(stream))/\(rest)" }

    /// Returns the messages of one event, in order.
    mutating func messages(_ item: SinkEvent) -> [MQTTMessage] {
        switch item.event.body {
        case .hello(let hello): return begin(hello)
        case .closing: return [.state(availability, "offline")]
        default:
            guard let stream = item.event.position?.stream else { return [] }
            return messages(item, stream)
        }
    }

    /// Corrects the states that the broker has retained from earlier sessions.
    private mutating func begin(_ hello: Hello) -> [MQTTMessage] {
        families = [:]
        levels = [:]
        var messages: [MQTTMessage] = []
        for stream in hello.streams where filter.admits(stream: stream) {
            var names: Set<String> = []
            for instrument in hello.instruments
            where filter.admits(instrument: instrument.name, family: instrument.family) {
                families[instrument.name] = instrument.family
                let isOn = lit[stream]?[instrument.name] != nil
                messages.append(on(stream, instrument.name, isOn))
                if names.insert(instrument.family).inserted { messages.append(family(stream, instrument.family)) }
            }
        }
        return messages + [.state(availability, "online")]
    }

    private func on(_ stream: String, _ instrument: String, _ isOn: Bool) -> MQTTMessage {
        .state(topic(stream, "\(MQTTMessage.part(instrument))/on"), isOn ? "ON" : "OFF")
    }

    private func family(_ stream: String, _ family: String) -> MQTTMessage {
        let isOn = lit[stream]?.values.contains(family) ?? false
        return .state(topic(stream, "family/\(MQTTMessage.part(family))/on"), isOn ? "ON" : "OFF")
    }

    private mutating func messages(_ item: SinkEvent, _ stream: String) -> [MQTTMessage] {
        switch item.event.body {
        case .on(let on):
            lit[stream, default: [:]][on.instrument] = on.family
            return [self.on(stream, on.instrument, true), family(stream, on.family), line(item, stream)]
        case .off(let off):
            lit[stream]?[off.instrument] = nil
            return [self.on(stream, off.instrument, false), family(stream, off.family), line(item, stream)]
        case .activity(let activity):
            var messages: [MQTTMessage] = []
            for (instrument, level) in zip(activity.instruments, activity.levels) {
                let topic = topic(stream, "\(MQTTMessage.part(instrument))/level")
                let hundredths = Int((min(1, max(0, level)) * 100).rounded())
                guard levels[topic] != hundredths else { continue }
                levels[topic] = hundredths
                let text = hundredths == 100 ? "1.00" : "0.\(hundredths < 10 ? "0" : "")\(hundredths)"
                messages.append(MQTTMessage(topic: topic, payload: text))
            }
            return messages
        case .health(let health): return [.state(topic(stream, "health"), health.state.description)]
        default: return [line(item, stream)]
        }
    }

    private mutating func line(_ item: SinkEvent, _ stream: String) -> MQTTMessage {
        let body = item.body(&encoder)
        return MQTTMessage(
            topic: topic(stream, "event"), payload: "{" + String(decoding: body.dropLast(), as: UTF8.self),
            mustArrive: true)
    }
}

/// A topic, its payload, and the delivery options.
struct MQTTMessage: Equatable {
    var topic: String
    var payload: String
    /// Whether the broker retains it for later subscribers.
    var isRetained = false
    /// Whether it is sent with quality of service 1; states require that, levels do not.
    var mustArrive = false

    /// Returns the message of a state: retained, with quality of service 1.
    static func state(_ topic: String, _ payload: String) -> MQTTMessage {
        MQTTMessage(topic: topic, payload: payload, isRetained: true, mustArrive: true)
    }

    /// Converts a name to a topic level: characters with a meaning in MQTT or Home Assistant become `_`.
    static func part(_ name: String) -> String {
        String(
            name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == ".") ? $0 : "_" })
    }
}
