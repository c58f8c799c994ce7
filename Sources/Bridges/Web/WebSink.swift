// `web:`: the live page, the overlay, WebSocket, event streams, state and counters.

import Events
import Glibc

/// Serves events to browsers and programs.
final class WebSink: EventSink {
    static let scheme = "web"
    static let form = "web:[ADDRESS:]PORT"
    static let summary =
        "a live page, an overlay for streaming, WebSocket, server-sent events, JSON and Prometheus over HTTP"
    static let options = [
        SinkOption(
            "token_file", .text,
            help:
                "a file with the token that requests must contain; required for addresses that other machines can reach"
        ),
        SinkOption("hosts", .names, help: "host names of this machine that browsers may use"),
        SinkOption("origins", .names, help: "other origins whose pages may read, such as https://panel.example"),
        SinkOption("clients", .integer(1...4096), "256", help: "maximum number of WebSockets and event streams"),
    ]
    static let usualFilter = SinkFilter(rate: 30)

    private let endpoint: HostPort
    private let settings: SinkSettings
    private let context: SinkContext
    private let feed = EventFeed()
    private var server: WebServer?
    private var thread: BridgeThread?

    init(_ settings: SinkSettings, _ context: SinkContext) throws(SinkProblem) {
        let text = settings.address
        let isPort = !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
        var endpoint = try HostPort(isPort ? "127.0.0.1:\(text)"[...] : text[...], lowest: 0)
        if endpoint.host.isEmpty { endpoint.host = "0.0.0.0" }
        if endpoint.host == "localhost" { endpoint.host = "127.0.0.1" }
        guard HostPort.isIPv4(endpoint.host) || endpoint.host.contains(":") else {
            throw SinkProblem(
                "\"\(endpoint.host)\" is not an address: write a numeric address of this machine, or only a port")
        }
        guard endpoint.isLoopback || settings.text("token_file") != nil else {
            throw SinkProblem(
                "other machines can reach \(endpoint.host), and a token is required: "
                    + "write one of at least 16 characters into a file and add token_file=FILE")
        }
        self.endpoint = endpoint
        self.settings = settings
        self.context = context
    }

    deinit {
        close()
    }

    /// The port on which the sink listens; 0 while it is closed.
    var port: Int { server?.port ?? 0 }

    func open() throws(SinkFailure) {
        close()
        var hosts = Set(settings.names("hosts").map { $0.lowercased() })
        if !endpoint.isLoopback, let name = Self.machineName {
            hosts.formUnion([name, name + ".local"])
        }
        let gate = WebGate(
            isLoopback: endpoint.isLoopback, token: try settings.text("token_file").map(Self.token), hosts: hosts,
            origins: Set(settings.names("origins")))
        let server = try WebServer(
            endpoint, gate, clientLimit: settings.integer("clients"), feed: feed, metrics: context.metrics)
        self.server = server
        do {
            thread = try BridgeThread("web") { server.serve() }
        } catch {
            throw SinkFailure("\(error)")
        }
        let host = endpoint.host.contains(":") ? "[\(endpoint.host)]" : endpoint.host
        context.log("the live page is at http://\(host == "0.0.0.0" ? Self.machineName ?? host : host):\(server.port)/")
    }

    func send(_ events: [SinkEvent]) throws(SinkFailure) {
        feed.append(events)
        server?.wake()
    }

    func turn() throws(SinkFailure) {
        guard thread?.isOver != true else { throw SinkFailure("the server ended unexpectedly") }
    }

    func close() {
        server?.stop()
        while let thread, !thread.isOver { usleep(1_000) }
        thread = nil
        server = nil
    }

    private static var machineName: String? {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, 255) == 0 else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).lowercased()
    }

    /// Returns the token in a secret file, without white space.
    static func token(file: String) throws(SinkFailure) -> String {
        let bytes = try SecretFile.read(file)
        let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard text.utf8.count >= 16 else { throw SinkFailure("\(file): a token requires at least 16 characters") }
        return text
    }
}
