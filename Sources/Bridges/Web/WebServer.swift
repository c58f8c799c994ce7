// HTTP and WebSocket server based on libwebsockets.

import CWebSockets
import Glibc
import Synchronization
import System

/// A server on its own thread that serves pages, state, counters and the event streams of a feed.
// Only the service thread accesses mutable state, from the first `serve` on. Other threads only read constants, set
// `isStopping`, and call lws_cancel_service, which libwebsockets documents as safe from any thread.
final class WebServer: @unchecked Sendable {
    /// Time limit for sending unsent data at the end, in milliseconds.
    static let farewellMilliseconds = 300

    let feed: EventFeed
    let gate: WebGate
    let clientLimit: Int
    let metrics: @Sendable () -> String
    var connections: [OpaquePointer: Connection] = [:]
    /// The output buffer; reused.
    var output: [UInt8] = []

    private let isStopping = Atomic<Bool>(false)
    private let protocols = UnsafeMutablePointer<lws_protocols>.allocate(capacity: 2)
    private let name = strdup("timbred")
    private var context: OpaquePointer?
    private let canceller = Mutex<Canceller>(Canceller())

    private struct Canceller: @unchecked Sendable {
        // Used only for lws_cancel_service; see the class.
        var context: OpaquePointer?
    }

    /// The state of one connection.
    enum Connection {
        case answer(WebResponse)
        case socket(FeedClient)
        case stream(FeedClient)

        var client: FeedClient? {
            switch self {
            case .answer: nil
            case .socket(let client), .stream(let client): client
            }
        }
    }

    /// Opens the listening socket; `serve` starts the service.
    init(
        _ endpoint: HostPort, _ gate: WebGate, clientLimit: Int, feed: EventFeed,
        metrics: @escaping @Sendable () -> String
    ) throws(SinkFailure) {
        self.feed = feed
        self.gate = gate
        self.clientLimit = clientLimit
        self.metrics = metrics
        protocols.initialize(repeating: lws_protocols(), count: 2)
        protocols[0].name = UnsafePointer(name)
        protocols[0].callback = Self.callback
        protocols[0].rx_buffer_size = 4096
        try Self.probe(endpoint)
        lws_set_log_level(0, nil)
        let host = strdup(endpoint.host)
        defer { free(host) }
        var info = lws_context_creation_info()
        info.port = Int32(endpoint.port)
        info.iface = UnsafePointer(host)
        info.protocols = UnsafePointer(protocols)
        info.user = Unmanaged.passUnretained(self).toOpaque()
        info.options = UInt64(LWS_SERVER_OPTION_VALIDATE_UTF8)
        if !endpoint.host.contains(":") { info.options |= UInt64(LWS_SERVER_OPTION_DISABLE_IPV6) }
        // A peer that does not finish its request in time is disconnected, and a vanished peer is detected.
        info.timeout_secs = 10
        info.keepalive_timeout = 20
        info.ka_time = 30
        info.ka_probes = 3
        info.ka_interval = 10
        info.max_http_header_data = 8192
        info.max_http_header_pool = 64
        info.fd_limit_per_thread = Self.descriptorLimit()
        guard let made = lws_create_context(&info) else {
            throw SinkFailure("\(endpoint.host) port \(endpoint.port): the server cannot be created")
        }
        context = made
        let pointer = Canceller(context: made)
        canceller.withLock { $0 = pointer }
    }

    deinit {
        if let context { lws_context_destroy(context) }
        protocols.deallocate()
        free(name)
    }

    /// The port on which the server listens.
    var port: Int {
        guard let context, let host = lws_get_vhost_by_name(context, "default") else { return 0 }
        return Int(lws_get_vhost_listen_port(host))
    }

    /// Ends the wait of `serve`, when there are events or when it must end.
    func wake() {
        canceller.withLock { canceller in
            if let context = canceller.context { lws_cancel_service(context) }
        }
    }

    /// Requests that `serve` ends soon.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wake()
    }

    /// The body of the thread: serves until `stop`, then sends unsent data within the time limit.
    func serve() {
        while !isStopping.load(ordering: .acquiring), let context, lws_service(context, 0) >= 0 {}
        let end = Self.milliseconds() + Self.farewellMilliseconds
        while let context, Self.milliseconds() < end,
            connections.values.contains(where: { !($0.client?.isUpToDate(feed) ?? true) })
        {
            announce()
            // lws_service returns after each event; the timer limits its wait on a silent network.
            lws_cancel_service(context)
            guard lws_service(context, 0) >= 0 else { break }
            usleep(1_000)
        }
        canceller.withLock { $0.context = nil }
        if let context { lws_context_destroy(context) }
        context = nil
    }

    /// Requests a callback from libwebsockets for every stream that can accept more output.
    func announce() {
        for (wsi, connection) in connections where connection.client != nil { lws_callback_on_writable(wsi) }
    }

    private static func milliseconds() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }

    /// The descriptors that the server may have: what the process has left, less some for the other sinks.
    ///
    /// libwebsockets stops accepting when it has this many. Without a limit it would go on where the process has none left,
    /// and the backlog would wake its `poll` continuously.
    private static func descriptorLimit() -> UInt32 {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let ceiling = Int(min(limit.rlim_cur, 65_536))
        let open = (0..<Int32(ceiling)).count { fcntl($0, F_GETFD) >= 0 }
        return UInt32(max(8, ceiling - open - 8))
    }

    /// Reports why a port cannot be opened; libwebsockets would only retry without a message.
    private static func probe(_ endpoint: HostPort) throws(SinkFailure) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(endpoint.host, String(endpoint.port), &hints, &found) == 0, let address = found else {
            throw SinkFailure("\(endpoint.host) is not an address of this machine: write a numeric address")
        }
        defer { freeaddrinfo(found) }
        let descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype, 0)
        guard descriptor >= 0 else { throw SinkFailure("a socket cannot be created: \(SystemError.last)") }
        defer { Glibc.close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            throw SinkFailure("cannot listen on \(endpoint.host) port \(endpoint.port): \(SystemError.last)")
        }
    }

    private static let callback:
        @convention(c) @Sendable (
            OpaquePointer?, lws_callback_reasons, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, Int
        ) -> Int32 = { wsi, reason, user, data, length in
            guard let wsi, let context = lws_get_context(wsi), let server = lws_context_user(context) else { return 0 }
            return Unmanaged<WebServer>.fromOpaque(server).takeUnretainedValue().handle(wsi, reason, user, data, length)
        }
}
