// MQTT with a real broker: in clear and encrypted, restarted and killed.

import Events
import Foundation
import JSON
import Testing

@testable import Bridges

@Suite struct MQTTTests {
    private static let hasBroker = Peer.has("mosquitto") && Peer.has("openssl")

    /// A broker with a folder of its own, and a way to listen to it.
    private final class Broker {
        let folder: URL
        let port = Peer.freePort()
        private var process: Peer?

        init(_ lines: String = "allow_anonymous true") throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "broker-\(UUID().uuidString.prefix(8))")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let text = "listener \(port) 127.0.0.1\nuser root\n" + lines.replacing("FOLDER", with: folder.path) + "\n"
            try text.write(to: folder.appending(path: "conf"), atomically: true, encoding: .utf8)
        }

        func start() throws {
            process = try Peer(
                "mosquitto", ["-c", folder.appending(path: "conf").path],
                environment: ["PATH": "/usr/bin:/bin:/usr/sbin:/sbin"])
            #expect(eventually { (try? WebPeer(port: port)) != nil }, "\(process?.text ?? "")")
        }

        func end(_ signal: Int32 = SIGKILL) { process?.end(signal) }

        /// The names of the clients that have connected since the start.
        var clients: [String] {
            (process?.text ?? "").matches(of: /New client connected from \S+ as (timbred-\S+)/).map { String($0.1) }
        }

        deinit {
            end()
            try? FileManager.default.removeItem(at: folder)
        }
    }

    /// A subscriber of our own: MQTT 3.1.1 as far as a listener in clear needs it.
    private final class Listener {
        private let peer: WebPeer
        private(set) var last: [String: String] = [:]
        private(set) var retained: Set<String> = []
        /// All messages in their order, each as "TOPIC PAYLOAD".
        private(set) var all: [String] = []

        init(port: Int, topic: String = "#") throws {
            peer = try WebPeer(port: port)
            // Of two clients with one name the broker keeps the newer.
            peer.send(
                [0x10, 20, 0, 4] + Array("MQTT".utf8) + [4, 2, 0, 0, 0, 8] + Array(UUID().uuidString.prefix(8).utf8))
            _ = peer.bytes(4)
            let filter = Array(topic.utf8)
            peer.send([0x82, UInt8(filter.count + 5), 0, 1, 0, UInt8(filter.count)] + filter + [0])
            _ = peer.bytes(5)
        }

        /// Reads messages until `isTrue`, ten seconds at most.
        func wait(until isTrue: () -> Bool) -> Bool {
            while !isTrue() {
                guard let head = peer.bytes(1)?.first else { return false }
                var size = 0
                var shift = 0
                while let byte = peer.bytes(1)?.first {
                    size |= Int(byte & 0x7F) << shift
                    shift += 7
                    if byte & 0x80 == 0 { break }
                }
                guard let body = peer.bytes(size), head >> 4 == 3 else { continue }
                let length = Int(body[0]) << 8 | Int(body[1])
                let topic = String(decoding: body[2..<2 + length], as: UTF8.self)
                let payload = String(decoding: body[(2 + length)...], as: UTF8.self)
                last[topic] = payload
                all.append("\(topic) \(payload)")
                if head & 1 == 1 { retained.insert(topic) }
            }
            return true
        }
    }

    @Test("Each event has its messages")
    func words() {
        var wording = MQTTWording(prefix: "t", filter: SinkFilter())
        let greeting = wording.messages(SinkEvent(Event(.hello(FakeDaemon.hello))))
        #expect(
            greeting.contains(.state("t/desk.2/voice/on", "OFF")) && greeting.last == .state("t/available", "online"))
        let on = wording.messages(SinkEvent(Say.on("violin", "strings")))
        #expect(on.prefix(2) == [.state("t/main/violin/on", "ON"), .state("t/main/family/strings/on", "ON")])
        #expect(on.last?.topic == "t/main/event" && on.last?.isRetained == false)
        let levels = wording.messages(SinkEvent(Say.levels(at: 2, violin: 0.126)))
        #expect(levels.map(\.payload) == ["0.13", "0.13", "0.00"])
        #expect(wording.messages(SinkEvent(Say.levels(at: 3, violin: 0.129))).isEmpty)
        #expect(wording.messages(SinkEvent(Event(.closing(reason: "")))) == [.state("t/available", "offline")])
        #expect(MQTTMessage.part("a/b+c#d é.1-_") == "a_b_c_d__.1-_")
    }

    @Test("Home Assistant is told all it needs, in JSON")
    func discovery() throws {
        let wording = MQTTWording(prefix: "t", filter: SinkFilter())
        let messages = HomeAssistant.discovery(FakeDaemon.hello, wording, root: "homeassistant", filter: SinkFilter())
        #expect(messages.count == 2 * (3 * 2 + 1) && messages.allSatisfy(\.isRetained))
        let topic = "homeassistant/binary_sensor/timbred_t_desk-_2/violin/config"
        let value = try JSONParser.parse(try #require(messages.first { $0.topic == topic }).payload)
        #expect(
            value["state_topic"]?.text == "t/desk.2/violin/on" && value["unique_id"]?.text == "timbred_t_desk-_2_violin"
        )
        #expect(value["availability_topic"]?.text == "t/available")
        #expect(Set(messages.map { try? JSONParser.parse($0.payload)["unique_id"]?.text }).count == messages.count)
        // The bridge of another room has a prefix of its own, and streams of the same names.
        for prefix in ["timbred", "u/v"] {
            let other = HomeAssistant.discovery(
                FakeDaemon.hello, MQTTWording(prefix: prefix, filter: SinkFilter()), root: "homeassistant",
                filter: SinkFilter())
            #expect(Set(other.map(\.topic)).isDisjoint(with: messages.map(\.topic)), "\(prefix)")
        }
    }

    @Test("Names that differ by a dot, a hyphen or a _ are different devices, and usual names are as they are written")
    func names() {
        let streams = ["hall.1", "hall_1", "hall-1", "hall-_1", "hall--_1", "hall--1", "hall-.1"]
        let messages = HomeAssistant.discovery(
            FakeDaemon.hello(streams: streams), MQTTWording(prefix: "t", filter: SinkFilter()), root: "homeassistant",
            filter: SinkFilter())
        let topics = Set(messages.map(\.topic))
        #expect(topics.count == messages.count)
        let usual = ["hall_1", "hall-1"].map { "homeassistant/sensor/timbred_t_\($0)/health/config" }
        #expect(topics.isSuperset(of: usual))
    }

    @Test("An output has the same client identifier after a reconnection, and no other output has it")
    func identifiers() throws {
        let one = try SinkSettings("mqtt://127.0.0.1/q,families=strings")
        let others = try ["mqtt://127.0.0.1/q,families=percussion", "mqtt://127.0.0.1/r,families=strings"].map {
            MQTTClientName(of: try SinkSettings($0)).text
        }
        let first = MQTTClientName(of: one).text
        let holder = MQTTClientName(of: one)
        let equal = MQTTClientName(of: one)
        #expect(holder.text == first && first.hasPrefix("timbred-"))
        #expect(Set(others + [first, equal.text]).count == 4)
    }

    @Test(
        "A bridge that was restarted is the same client for the broker; equal outputs do not put each other out",
        .enabled(if: hasBroker, "install mosquitto"))
    func clients() throws {
        let broker = try Broker()
        try broker.start()
        let daemon = try FakeDaemon()
        let settings = try SinkSettings("mqtt://127.0.0.1:\(broker.port)/q")
        for count in [2, 4] {
            let bridge = try Bridge(socket: daemon.path) { _ in }
            defer { bridge.stop() }
            try bridge.apply([settings, settings])
            #expect(eventually { bridge.statuses.allSatisfy { $0.state == .open } })
            #expect(eventually { broker.clients.count == count }, "\(broker.clients)")
            #expect(bridge.statuses.allSatisfy { $0.failures == 0 })
        }
        #expect(Set(broker.clients).count == 2, "\(broker.clients)")
    }

    @Test("Two sinks at one broker leave each other alone", .enabled(if: hasBroker, "install mosquitto"))
    func twins() throws {
        let broker = try Broker()
        try broker.start()
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        let rooms = ["hall", "stage"]
        try bridge.apply(try rooms.map { try SinkSettings("mqtt://127.0.0.1:\(broker.port)/\($0)") })
        let listener = try Listener(port: broker.port)
        #expect(listener.wait { rooms.allSatisfy { listener.last["\($0)/available"] == "online" } })
        for second in 1..<20 {
            daemon.publish(Say.on("violin", "strings", at: Double(second)))
            daemon.publish(Say.off("violin", "strings", at: Double(second) + 0.5))
            usleep(50_000)
        }
        daemon.publish(Say.on("voice", "voice", at: 30))
        #expect(listener.wait { rooms.allSatisfy { listener.last["\($0)/main/voice/on"] == "ON" } })
        #expect(bridge.statuses.allSatisfy { $0.state == .open && $0.failures == 0 }, "\(bridge.statuses)")
    }

    @Test(
        "A farewell or a last will of another output with the same prefix does not leave a bridge unavailable",
        .enabled(if: hasBroker, "install mosquitto"))
    func farewell() throws {
        let broker = try Broker()
        try broker.start()
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        let settings = try ["strings", "percussion"].map {
            try SinkSettings("mqtt://127.0.0.1:\(broker.port)/q,families=\($0)")
        }
        try bridge.apply(settings)
        let listener = try Listener(port: broker.port)
        #expect(listener.wait { listener.last["q/available"] == "online" })
        #expect(eventually { bridge.statuses.allSatisfy { $0.state == .open } })
        try bridge.apply([settings[0]])
        #expect(eventually { bridge.statuses.count == 1 })
        #expect(listener.wait { listener.all.contains("q/available offline") })
        #expect(listener.wait { listener.last["q/available"] == "online" })
    }

    @Test(
        "Promise 16: a broker that is killed and comes back is told anew, and its will speaks for a bridge that is gone",
        .enabled(if: hasBroker, "install mosquitto"))
    func broker() throws {
        let broker = try Broker()
        try broker.start()
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        try bridge.apply([try SinkSettings("mqtt://127.0.0.1:\(broker.port)/stage,rate=20")])
        #expect(eventually { bridge.statuses.first?.state == .open })
        let first = try Listener(port: broker.port)
        #expect(first.wait { first.last["stage/available"] == "online" })
        daemon.publish(Say.on("violin", "strings"), Say.levels(at: 1.5))
        #expect(first.wait { first.last["stage/main/violin/level"] == "0.50" })
        #expect(first.last["stage/main/violin/on"] == "ON" && first.last["stage/main/voice/on"] == "OFF")
        #expect(first.last["homeassistant/sensor/timbred_stage_main/health/config"] != nil)
        broker.end()
        #expect(eventually { bridge.statuses.first?.state == .waiting })
        daemon.publish(Say.off("violin", "strings", at: 3), Say.on("voice", "voice", at: 4))
        try broker.start()
        #expect(eventually { bridge.statuses.first?.state == .open })
        let second = try Listener(port: broker.port)
        #expect(
            second.wait { second.last["stage/main/voice/on"] == "ON" && second.last["stage/available"] == "online" })
        #expect(second.wait { second.last["stage/main/violin/on"] == "OFF" })
        // Whoever comes later is told by the broker.
        let third = try Listener(port: broker.port)
        #expect(third.wait { third.retained.contains("stage/main/violin/on") })
        daemon.end()
        #expect(second.wait { second.last["stage/available"] == "offline" })
        #expect(second.last["stage/main/voice/on"] == "OFF")
    }

    @Test(
        "Over TLS, the broker must be one that somebody vouches for; a password comes from a file that others cannot read",
        .enabled(if: hasBroker, "install mosquitto and openssl"))
    func encrypted() throws {
        let broker = try Broker(
            "cafile FOLDER/cert\ncertfile FOLDER/cert\nkeyfile FOLDER/key\npassword_file FOLDER/users\nallow_anonymous false"
        )
        let folder = broker.folder.path
        let made = try Peer(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=127.0.0.1", "-addext",
                "subjectAltName=IP:127.0.0.1", "-keyout", "\(folder)/key", "-out", "\(folder)/cert",
            ])
        #expect(eventually { !made.isRunning })
        let users = try Peer("mosquitto_passwd", ["-b", "-c", "\(folder)/users", "stage", "secret word"])
        #expect(eventually { !users.isRunning })
        try "secret word\n".write(toFile: "\(folder)/password", atomically: true, encoding: .utf8)
        chmod("\(folder)/password", 0o600)
        try broker.start()
        let daemon = try FakeDaemon()
        let log = Lines()
        func state(_ options: String, until state: SinkStatus.State) throws -> String {
            let bridge = try Bridge(socket: daemon.path) { log.add($0) }
            defer { bridge.stop() }
            try bridge.apply([try SinkSettings("mqtts://127.0.0.1:\(broker.port)/t,\(options)")])
            #expect(eventually { bridge.statuses.first?.state == state }, "\(bridge.statuses)")
            return bridge.statuses.first?.message ?? ""
        }
        let good = "user=stage,password_file=\(folder)/password,ca_file=\(folder)/cert"
        #expect(try state(good, until: .open) == "")
        #expect(try state("user=stage,password_file=\(folder)/password", until: .waiting) != "")
        #expect(try state("user=stage,ca_file=\(folder)/cert", until: .waiting).contains("refused"))
        chmod("\(folder)/password", 0o644)
        #expect(try state(good, until: .waiting).contains("chmod"))
        #expect(!log.text.contains("secret"))
    }

    @Test("A FIFO for certificates is refused: it would hold the sink for ever")
    func pipe() throws {
        let pipe = FileManager.default.temporaryDirectory.appending(path: "pipe-\(UUID().uuidString)").path
        #expect(mkfifo(pipe, 0o600) == 0)
        defer { unlink(pipe) }
        let sink = try SinkSettings("mqtts://127.0.0.1:1,ca_file=\(pipe)").make(.none)
        #expect(throws: SinkFailure("\(pipe): it is not a regular file")) { try sink.open() }
    }

    @Test("A password in an address, and one without a name, are refused")
    func passwords() {
        for text in [
            "mqtt://me:secret@127.0.0.1/x", "mqtt://127.0.0.1,password_file=/x", "mqtt://127.0.0.1,ca_file=/x",
        ] {
            let error = #expect(throws: SinkProblem.self) { try SinkSettings(text) }
            #expect(error?.description.contains("secret") == false)
        }
    }
}
