// `osc:`: Open Sound Control, for lighting, video and music software.

import CLiblo
import Events
import System

/// Sends events as OSC bundles over UDP or TCP.
///
/// The events of one moment are sent in one bundle with the time tag of that moment; bundles stay below the size that
/// networks carry in one packet. UDP does not report receivers, so the current state is sent again every few seconds.
final class OSCSink: EventSink {
    static let scheme = "osc"
    static let form = "osc:HOST:PORT[/PREFIX]"
    static let summary = "Open Sound Control: QLC+, TouchDesigner, Resolume, Max, SuperCollider"
    static let options = [
        SinkOption("protocol", .choice(["udp", "tcp"]), "udp", help: "the transport protocol"),
        SinkOption(
            "timetag", .choice(["immediate", "wall"]), "immediate",
            help: "the time tag of bundles: immediate, or the wall-clock time of the audio"),
        SinkOption(
            "refresh", .number(0...3600), "5", help: "seconds after which the state is sent again, 0 for never"),
    ]

    /// Largest size of a packet that networks carry without fragmentation, in bytes.
    static let packetLimit = 1_400

    private let endpoint: HostPort
    private let transport: Int32
    private let usesWallTime: Bool
    private let refresh: Int64
    private var wording: OSCWording
    private let prefix: String
    private let filter: SinkFilter
    private var address: lo_address?
    private var nextRefresh: Int64 = 0

    init(_ settings: SinkSettings, _ context: SinkContext) throws(SinkProblem) {
        let text = settings.address[...]
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        endpoint = try HostPort(text[..<slash])
        guard !endpoint.host.isEmpty else { throw SinkProblem("the host is missing: write \(Self.form)") }
        var prefix = slash == text.endIndex ? "/timbred" : String(text[slash...])
        while prefix.hasSuffix("/") { prefix.removeLast() }
        guard prefix.split(separator: "/").allSatisfy({ OSCMessage.part(String($0)) == $0 }) else {
            throw SinkProblem(
                "the prefix \(prefix) contains characters that OSC reserves: write letters and digits")
        }
        self.prefix = prefix
        self.filter = settings.filter
        wording = OSCWording(prefix: prefix, filter: settings.filter)
        transport = settings.text("protocol") == "tcp" ? Int32(LO_TCP) : Int32(LO_UDP)
        usesWallTime = settings.text("timetag") == "wall"
        refresh = Int64(settings.number("refresh") * 1e9)
    }

    deinit {
        close()
    }

    func open() throws(SinkFailure) {
        close()
        wording = OSCWording(prefix: prefix, filter: filter)
        guard let address = lo_address_new_with_proto(transport, endpoint.host, String(endpoint.port)) else {
            throw SinkFailure("\(endpoint.host) is not reachable")
        }
        self.address = address
        if transport == Int32(LO_TCP) { _ = lo_address_set_tcp_nodelay(address, 1) }
        nextRefresh = SystemClock.monotonic + refresh
    }

    func send(_ events: [SinkEvent]) throws(SinkFailure) {
        var messages: [OSCMessage] = []
        var position: Event.Position?
        for item in events {
            if item.event.position != position {
                try send(messages, at: position?.time.wall)
                messages = []
                position = item.event.position
            }
            messages += wording.messages(item.event)
        }
        try send(messages, at: position?.time.wall)
    }

    func turn() throws(SinkFailure) {
        guard refresh > 0, SystemClock.monotonic >= nextRefresh else { return }
        nextRefresh = SystemClock.monotonic + refresh
        try send(wording.renewal(), at: nil)
    }

    func close() {
        if let address { lo_address_free(address) }
        address = nil
    }

    /// Sends messages in as few bundles as possible.
    private func send(_ messages: [OSCMessage], at time: WallTime?) throws(SinkFailure) {
        var rest = messages[...]
        while !rest.isEmpty {
            var size = 16
            var count = 0
            for message in rest {
                guard count == 0 || size + message.bundledSize <= Self.packetLimit else { break }
                size += message.bundledSize
                count += 1
            }
            try sendBundle(rest.prefix(count), at: time)
            rest = rest.dropFirst(count)
        }
    }

    private func sendBundle(_ messages: ArraySlice<OSCMessage>, at time: WallTime?) throws(SinkFailure) {
        guard let bundle = lo_bundle_new(timeTag(time)) else { throw SinkFailure("out of memory for a bundle") }
        defer { lo_bundle_free_recursive(bundle) }
        for message in messages {
            guard let made = lo_message_new() else { throw SinkFailure("out of memory for a message") }
            for argument in message.arguments {
                switch argument {
                case .integer(let value): lo_message_add_int32(made, value)
                case .float(let value): lo_message_add_float(made, value)
                case .string(let text): lo_message_add_string(made, text)
                }
            }
            lo_bundle_add_message(bundle, message.path, made)
        }
        guard lo_send_bundle(address, bundle) >= 0 else {
            let reason = lo_address_errstr(address).map { String(cString: $0) } ?? "unknown"
            throw SinkFailure("\(endpoint.host) port \(endpoint.port): cannot send: \(reason)")
        }
    }

    /// Returns the time tag "at once", or the time in NTP format.
    private func timeTag(_ time: WallTime?) -> lo_timetag {
        guard usesWallTime, let time, time.nanoseconds > 0 else { return lo_timetag(sec: 0, frac: 1) }
        let (seconds, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        // NTP time begins in 1900.
        return lo_timetag(
            sec: UInt32(truncatingIfNeeded: seconds + 2_208_988_800),
            frac: UInt32(truncatingIfNeeded: (rest << 32) / 1_000_000_000))
    }
}
