// `mqtt:` and `mqtts:`: publishes to a broker, for home automation and fleets of devices.

import Events
import Glibc
import WholeFiles

/// Publishes states, levels and events to a broker.
class MQTTSink: EventSink {
    class var scheme: String { "mqtt" }
    class var form: String { "\(scheme)://HOST[:PORT][/PREFIX]" }
    class var summary: String { "an MQTT broker, with discovery by Home Assistant" }
    class var usualPort: Int { 1883 }
    static let options = [
        SinkOption("user", .text, help: "the user name at the broker"),
        SinkOption("password_file", .text, help: "a file with the password, not readable by other users"),
        SinkOption(
            "ca_file", .text, help: "a file with certificate authorities, for mqtts; default: those of the system"),
        SinkOption("client", .text, help: "the client identifier; default: derived from the host name"),
        SinkOption("discovery", .text, "homeassistant", help: "the prefix of the discovery topics, or off"),
    ]
    static let usualFilter = SinkFilter(rate: 2)

    private let settings: SinkSettings
    private let endpoint: HostPort
    private let prefix: String
    private var wording: MQTTWording
    private var client: MQTTClient?
    /// Held as long as the client.
    private var name: MQTTClientName?
    /// Whether the daemon is connected, so that the bridge is available.
    private var isAvailable = false

    required init(_ settings: SinkSettings, _ context: SinkContext) throws(SinkProblem) {
        guard settings.address.hasPrefix("//") else { throw SinkProblem("write \(Self.form)") }
        let text = settings.address.dropFirst(2)
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        guard !text[..<slash].contains("@") else {
            throw SinkProblem(
                "the address must not contain a user or a password: write user=NAME and password_file=FILE")
        }
        endpoint = try HostPort(text[..<slash], usual: Self.usualPort)
        guard !endpoint.host.isEmpty else { throw SinkProblem("the host is missing: write \(Self.form)") }
        let path = text[slash...].split(separator: "/")
        guard path.allSatisfy({ MQTTMessage.part(String($0)) == $0 }) else {
            throw SinkProblem("the prefix may contain only letters, digits, _, - and . between its slashes")
        }
        prefix = path.isEmpty ? MQTTWording.usualPrefix : path.joined(separator: "/")
        self.settings = settings
        wording = MQTTWording(prefix: prefix, filter: settings.filter)
        guard settings.text("password_file") == nil || settings.text("user") != nil else {
            throw SinkProblem("password_file requires a user: write user=NAME")
        }
        guard settings.text("ca_file") == nil || Self.usualPort == 8883 else {
            throw SinkProblem("ca_file requires an encrypted connection: write mqtts:")
        }
    }

    deinit {
        close()
    }

    func open() throws(SinkFailure) {
        close()
        wording = MQTTWording(prefix: prefix, filter: settings.filter)
        var authorities: MQTTClient.Authorities?
        if Self.usualPort == 8883 { authorities = try settings.text("ca_file").map(Self.authorities) ?? .system }
        let name = MQTTClientName(of: settings)
        client = try MQTTClient(
            .init(
                endpoint: endpoint,
                clientID: settings.text("client") ?? name.text,
                user: settings.text("user"), password: try settings.text("password_file").map(Self.password),
                authorities: authorities, will: .state(wording.availability, "offline")))
        self.name = name
        isAvailable = false
        try client?.subscribe(to: wording.availability)
    }

    func send(_ events: [SinkEvent]) throws(SinkFailure) {
        for item in events {
            if case .hello(let hello) = item.event.body, let root = settings.text("discovery"), root != "off" {
                for message in HomeAssistant.discovery(hello, wording, root: root, filter: settings.filter) {
                    try client?.publish(message)
                }
            }
            for message in wording.messages(item) {
                if message.topic == wording.availability { isAvailable = message.payload == "online" }
                try client?.publish(message)
            }
        }
    }

    var descriptors: [pollfd] { client?.descriptors ?? [] }

    func turn() throws(SinkFailure) {
        try client?.turn()
        // The last will of a connection that broke earlier, or the farewell of another output with this prefix.
        let heard = client?.takePayloads().last
        if isAvailable, heard == "offline" {
            try client?.publish(.state(wording.availability, "online"))
        }
    }

    func close() {
        guard let client else { return }
        try? client.publish(.state(wording.availability, "offline"))
        client.disconnect()
        self.client = nil
        name = nil
    }

    /// The certificates of a regular file: libmosquitto would wait for ever at a FIFO.
    private static func authorities(file: String) throws(SinkFailure) -> MQTTClient.Authorities {
        do throws(FileFailure) {
            Glibc.close(try RegularFile.open(file).descriptor)
        } catch {
            throw SinkFailure("\(error)")
        }
        return .file(file)
    }

    /// Returns the first line of a secret file.
    private static func password(file: String) throws(SinkFailure) -> String {
        let bytes = try SecretFile.read(file)
        return String(decoding: bytes.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
    }
}

/// The same sink over TLS.
final class SecureMQTTSink: MQTTSink {
    override class var scheme: String { "mqtts" }
    override class var summary: String { "the same over TLS" }
    override class var usualPort: Int { 8883 }
}
