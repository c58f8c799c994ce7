// Discovery messages for Home Assistant.

import Events
import JSON

/// The discovery messages of Home Assistant (its integration "MQTT"): a device for each stream, with a binary sensor
/// and a level for each instrument, and the state of its source.
enum HomeAssistant {
    /// Returns the messages that announce all entities of a daemon.
    static func discovery(
        _ hello: Hello, _ wording: MQTTWording, root: String, filter: SinkFilter
    ) -> [MQTTMessage] {
        var messages: [MQTTMessage] = []
        for stream in hello.streams where filter.admits(stream: stream) {
            // Several bridges, each with a prefix of its own, may announce streams of the same name.
            let isUsual = wording.prefix == MQTTWording.usualPrefix
            let device = isUsual ? "timbred_\(name(stream))" : "timbred_\(name(wording.prefix))_\(name(stream))"
            func announce(_ component: String, _ object: String, _ members: [JSONValue.Member]) {
                var writer = JSONWriter()
                writer.value(
                    .object(
                        members + [
                            .init("unique_id", .string("\(device)_\(object)")),
                            .init("availability_topic", .string(wording.availability)),
                            .init(
                                "device",
                                .object([
                                    .init("identifiers", .array([.string(device)])),
                                    .init("name", .string("\(wording.prefix) \(stream)")),
                                    .init("manufacturer", .string("timbred")),
                                    .init("sw_version", .string(hello.software)),
                                ])),
                        ]))
                messages.append(
                    .state(
                        "\(root)/\(component)/\(device)/\(object)/config", String(decoding: writer.bytes, as: UTF8.self)
                    ))
            }
            for instrument in hello.instruments
            where filter.admits(instrument: instrument.name, family: instrument.family) {
                let part = MQTTMessage.part(instrument.name)
                let title = title(instrument.name)
                announce(
                    "binary_sensor", name(instrument.name),
                    [
                        .init("name", .string(title)), .init("device_class", .string("sound")),
                        .init("state_topic", .string(wording.topic(stream, "\(part)/on"))),
                    ])
                guard filter.rate > 0, filter.admits(.activity) else { continue }
                announce(
                    "sensor", "\(name(instrument.name))_level",
                    [
                        .init("name", .string("\(title) level")), .init("state_class", .string("measurement")),
                        .init("icon", .string("mdi:volume-high")),
                        .init("state_topic", .string(wording.topic(stream, "\(part)/level"))),
                    ])
            }
            announce(
                "sensor", "health",
                [
                    .init("name", .string("Source")), .init("icon", .string("mdi:microphone")),
                    .init("state_topic", .string(wording.topic(stream, "health"))),
                ])
        }
        return messages
    }

    /// Converts a name to the form that Home Assistant accepts in topics. Different names stay different: a dot becomes
    /// `-_`, and a hyphen before a dot, a hyphen or a `_` is doubled.
    private static func name(_ text: String) -> String {
        let part = Array(MQTTMessage.part(text))
        return zip(part, part.dropFirst() + [" "]).map { character, next -> String in
            switch character {
            case ".": "-_"
            case "-" where ".-_".contains(next): "--"
            default: String(character)
            }
        }.joined()
    }

    private static func title(_ text: String) -> String {
        let spaced = String(text.map { $0 == "_" ? " " : $0 })
        return spaced.prefix(1).uppercased() + spaced.dropFirst()
    }
}
