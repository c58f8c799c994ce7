// A connection to an MQTT broker, by libmosquitto.

import CMosquitto
import Glibc
import System

/// One connection from its making to its end, driven by its owner's poll loop. For one thread.
final class MQTTClient {
    /// What a connection needs.
    struct Settings {
        var endpoint: HostPort
        var clientID: String
        var user: String?
        var password: String?
        /// `nil` for a connection in clear.
        var authorities: Authorities?
        /// Topic and payload that the broker publishes when this client vanishes; kept.
        var will: MQTTMessage
        /// Seconds of silence after which each side asks whether the other lives.
        var keepAlive: Int32 = 15
    }

    /// Who vouches for the broker.
    enum Authorities {
        case system
        case file(String)
    }

    /// What libmosquitto's callbacks tell; they run inside the calls of this class.
    private final class Told {
        var answer: Int32?
        var pending = 0
    }

    private let handle: OpaquePointer
    private let told = Told()
    private let endpoint: HostPort

    /// How long a broker may take to answer, and to take what is unsent at the end, in nanoseconds.
    private static let timeout: Int64 = 5_000_000_000
    private static let farewell: Int64 = 1_000_000_000
    private static let library: Int32 = mosquitto_lib_init()

    /// Connects, and waits until the broker has accepted.
    init(_ settings: Settings) throws(SinkFailure) {
        endpoint = settings.endpoint
        guard Self.library == MOSQ_ERR_SUCCESS.asInt,
            let made = mosquitto_new(settings.clientID, true, Unmanaged.passUnretained(told).toOpaque())
        else { throw SinkFailure("libmosquitto cannot be set up") }
        handle = made
        mosquitto_connect_callback_set(handle) { _, context, code in
            guard let context else { return }
            Unmanaged<Told>.fromOpaque(context).takeUnretainedValue().answer = code
        }
        mosquitto_publish_callback_set(handle) { _, context, _ in
            guard let context else { return }
            Unmanaged<Told>.fromOpaque(context).takeUnretainedValue().pending -= 1
        }
        mosquitto_max_inflight_messages_set(handle, 500)
        try check(
            mosquitto_will_set(
                handle, settings.will.topic, Int32(settings.will.payload.utf8.count), settings.will.payload, 1, true))
        if let user = settings.user {
            try check(mosquitto_username_pw_set(handle, user, settings.password))
        }
        switch settings.authorities {
        case nil: break
        case .system: try check(mosquitto_tls_set(handle, nil, "/etc/ssl/certs", nil, nil, nil))
        case .file(let file): try check(mosquitto_tls_set(handle, file, nil, nil, nil, nil))
        }
        try check(mosquitto_connect(handle, endpoint.host, Int32(endpoint.port), settings.keepAlive))
        let end = SystemClock.monotonic + Self.timeout
        while told.answer == nil {
            guard SystemClock.monotonic < end else {
                throw SinkFailure("\(endpoint.host) port \(endpoint.port): the broker did not answer within 5 s")
            }
            wait(milliseconds: 50)
            try turn()
        }
        if let answer = told.answer, answer != 0 {
            throw SinkFailure(
                "\(endpoint.host) port \(endpoint.port): the broker refused: \(String(cString: mosquitto_connack_string(answer)))"
            )
        }
    }

    deinit {
        mosquitto_destroy(handle)
    }

    /// What to wait for.
    var descriptors: [pollfd] {
        let descriptor = mosquitto_socket(handle)
        guard descriptor >= 0 else { return [] }
        let events = mosquitto_want_write(handle) ? POLLIN | POLLOUT : POLLIN
        return [pollfd(fd: descriptor, events: Int16(events), revents: 0)]
    }

    /// Reads and writes what can be read and written, and keeps the connection alive.
    func turn() throws(SinkFailure) {
        for polled in ready() {
            if polled.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { try check(mosquitto_loop_read(handle, 1)) }
            if mosquitto_want_write(handle) { try check(mosquitto_loop_write(handle, 1)) }
        }
        try check(mosquitto_loop_misc(handle))
    }

    /// Publishes; what the broker cannot take now waits.
    func publish(_ message: MQTTMessage) throws(SinkFailure) {
        let code = mosquitto_publish(
            handle, nil, message.topic, Int32(message.payload.utf8.count), message.payload, message.mustArrive ? 1 : 0,
            message.isRetained)
        try check(code)
        told.pending += 1
    }

    /// Says good-bye, after what is unsent has been sent, or a second has passed.
    func disconnect() {
        let end = SystemClock.monotonic + Self.farewell
        do {
            while told.pending > 0 || mosquitto_want_write(handle), SystemClock.monotonic < end {
                wait(milliseconds: 20)
                try turn()
            }
            mosquitto_disconnect(handle)
            while mosquitto_want_write(handle), SystemClock.monotonic < end { try turn() }
        } catch {
            // The broker is gone, and its copy of the last will tells the rest.
        }
    }

    private func ready() -> [pollfd] {
        var polled = descriptors
        guard poll(&polled, nfds_t(polled.count), 0) > 0 else { return [] }
        return polled
    }

    private func wait(milliseconds: Int32) {
        var polled = descriptors
        _ = poll(&polled, nfds_t(polled.count), milliseconds)
    }

    private func check(_ code: Int32) throws(SinkFailure) {
        guard code != MOSQ_ERR_SUCCESS.asInt else { return }
        // libmosquitto keeps the system's reason in errno.
        let reason =
            code == MOSQ_ERR_ERRNO.asInt ? SystemError.last.description : String(cString: mosquitto_strerror(code))
        throw SinkFailure("\(endpoint.host) port \(endpoint.port): \(reason)")
    }
}

extension mosq_err_t {
    fileprivate var asInt: Int32 { Int32(rawValue) }
}
