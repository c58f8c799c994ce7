// `artnet:` and `sacn:`: sends levels to lighting equipment.

import Events
import Glibc
import System

/// Sends a universe whose channels are levels: 40 times a second while a value changes, and about once a second
/// otherwise.
///
/// At the end, and when the daemon disconnects, all channels fade or drop to 0. A source of zeros lets consoles that
/// merge several sources use the others; with streaming ACN the sink also reports the end of this source.
class DMXSink: EventSink {
    class var scheme: String { "artnet" }
    class var form: String { "artnet:HOST[:PORT]" }
    class var summary: String { "Art-Net: levels of instruments and families as DMX channels" }
    class var options: [SinkOption] {
        [SinkOption("universe", .integer(0...32_767), "0", help: "the universe")] + common
    }
    static let usualFilter = SinkFilter(rate: 40)

    /// Options of both protocols.
    static let common = [
        SinkOption(
            "map", .names, help: "the channels, such as violin@1+family.brass@5-7; default: the families on 1 to 8"),
        SinkOption(
            "follow", .choice(["level", "on", "both"]), "both",
            help: "what sets the value: the level, the on state, or the level while on"),
        SinkOption("maximum", .integer(1...255), "255", help: "the channel value of a full level"),
        SinkOption("attack", .number(1...60_000), "40", help: "rise time from 0 to the maximum in milliseconds"),
        SinkOption("release", .number(1...60_000), "400", help: "fall time from the maximum to 0 in milliseconds"),
    ]

    /// Nanoseconds between packets while values change, and while none does.
    private static let movingPause: Int64 = 25_000_000
    private static let restingPause: Int64 = 900_000_000
    /// The last change is sent so many times more before the rest, because packets may be lost (E1.31, 6.6.2).
    private static let lastRepeats = 2

    let settings: SinkSettings
    private let fresh: DMXLevels
    private var levels: DMXLevels
    private var socket: DatagramSocket?
    private var sequence: UInt8 = 0
    private var advanced: Int64 = 0
    private var sent: Int64 = 0
    /// Number of packets since the last change.
    private var repeats = 0

    required init(_ settings: SinkSettings, _ context: SinkContext) throws(SinkProblem) {
        self.settings = settings
        fresh = DMXLevels(
            try DMXLevels.map(settings.names("map")),
            DMXLevels.Follow(rawValue: settings.text("follow") ?? "") ?? .both,
            maximum: settings.integer("maximum"), attack: settings.number("attack"),
            release: settings.number("release"))
        levels = fresh
        _ = try endpoint()
    }

    deinit {
        close()
    }

    /// Without a map of its own the sink shows all families that there may be.
    func unknownNames(_ hello: Hello) -> [String] { settings.names("map").isEmpty ? [] : levels.unknownNames(hello) }

    /// Returns the destination of the packets.
    func endpoint() throws(SinkProblem) -> HostPort {
        let endpoint = try HostPort(settings.address[...], usual: DMXPacket.artNetPort)
        guard !endpoint.host.isEmpty else { throw SinkProblem("the host is missing: write \(Self.form)") }
        return endpoint
    }

    /// Returns one packet.
    func packet(_ sequence: UInt8, _ data: [UInt8], isLast: Bool) -> [UInt8] {
        // 0 would mean that packets have no order.
        DMXPacket.artNet(universe: settings.integer("universe"), sequence: max(1, sequence), data: data)
    }

    func open() throws(SinkFailure) {
        close()
        levels = fresh
        do {
            socket = try DatagramSocket(try endpoint(), broadcasts: true)
        } catch {
            throw SinkFailure("\(error)")
        }
        advanced = SystemClock.monotonic
        sent = 0
    }

    func send(_ events: [SinkEvent]) throws(SinkFailure) {
        for item in events { levels.note(item.event) }
        guard !levels.isSettled else { return }
        // The time at rest is no time of the fade that begins.
        if !isMoving { advanced = SystemClock.monotonic }
        repeats = 0
    }

    /// Whether packets go out at the rate of a fade.
    private var isMoving: Bool { repeats < Self.lastRepeats }

    var turnMilliseconds: Int { isMoving ? 25 : 900 }

    func turn() throws(SinkFailure) {
        let now = SystemClock.monotonic
        guard now - sent >= (isMoving ? Self.movingPause : Self.restingPause) else { return }
        repeats = levels.advance(seconds: Double(now - advanced) / 1e9) ? 0 : min(repeats + 1, Self.lastRepeats)
        advanced = now
        sent = now
        try transmit(isLast: false)
    }

    func close() {
        guard socket != nil else { return }
        levels.blackOut()
        // Sent three times, because a packet may be lost and no other follows.
        for _ in 0..<3 { try? transmit(isLast: false) }
        for _ in 0..<3 { try? transmit(isLast: true) }
        socket = nil
    }

    private func transmit(isLast: Bool) throws(SinkFailure) {
        sequence = sequence == 255 ? 1 : sequence + 1
        try socket?.send(packet(sequence, levels.data, isLast: isLast))
    }
}

/// Streaming ACN, by multicast to all receivers of the universe, or to one host.
final class StreamingACNSink: DMXSink {
    override class var scheme: String { "sacn" }
    override class var form: String { "sacn:UNIVERSE" }
    override class var summary: String {
        "streaming ACN (sACN, E1.31): levels of instruments and families as DMX channels"
    }
    override class var options: [SinkOption] {
        [
            SinkOption("host", .text, help: "send to one receiver; default: all receivers of the universe"),
            SinkOption(
                "priority", .integer(0...200), "100", help: "the priority; receivers use the source with the highest"),
            SinkOption("name", .text, "timbred", help: "the source name, which consoles show"),
        ] + common
    }

    private var universe: Int { Int(settings.address) ?? 0 }

    override func endpoint() throws(SinkProblem) -> HostPort {
        guard settings.address.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), (1...63_999).contains(universe) else {
            throw SinkProblem("\"\(settings.address)\" is not a universe: write a number from 1 to 63999")
        }
        guard let host = settings.text("host") else {
            return try HostPort("\(DMXPacket.sacnGroup(universe: universe)):\(DMXPacket.sacnPort)")
        }
        return try HostPort(host[...], usual: DMXPacket.sacnPort)
    }

    override func packet(_ sequence: UInt8, _ data: [UInt8], isLast: Bool) -> [UInt8] {
        let speaker = DMXPacket.Speaker(
            identifier: Self.identifier(settings.fingerprint), name: settings.text("name") ?? "timbred",
            priority: UInt8(clamping: settings.integer("priority")))
        return DMXPacket.sacn(universe: universe, sequence: sequence, data: data, speaker, isLast: isLast)
    }

    /// Returns a UUID that is constant for this machine and these settings, and differs on other machines.
    private static func identifier(_ name: String) -> [UInt8] {
        var bytes = Machine.hash(name)
        // Version 8, which is for hashes of any kind, and the variant of RFC 9562.
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        return bytes
    }
}
