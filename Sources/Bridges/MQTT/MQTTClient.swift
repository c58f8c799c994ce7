// A connection to an MQTT broker through libmosquitto.

import CMosquitto
import Glibc
import System

/// One connection from its creation to its end, driven by its owner's poll loop. Only one thread may use it.
final class MQTTClient {
    /// The parameters of a connection.
    struct Settings {
        var endpoint: HostPort
        var clientID: String
        var user: String?
        var password: String?
        /// `nil` for an unencrypted connection.
        var authorities: Authorities?
        /// Topic and payload that the broker publishes, retained, when this client disconnects unexpectedly.
        var will: MQTTMessage
        /// Seconds of silence after which each side checks whether the other is alive.
        var keepAlive: Int32 = 15
    }

    /// The certificate authorities for the broker's certificate.
    enum Authorities {
        case system
        case file(String)
    }

    /// The values that libmosquitto's callbacks store; they run inside the calls of this class.
    private final class Told {
        var answer: Int32?
        var pending = 0
        var payloads: [String] = []
    }

    private let handle: OpaquePointer
    private let told = Told()
    private let endpoint: HostPort

    /// Time limits for an answer of the broker, and for sending unsent messages at the end, in nanoseconds.
    private static let timeout: Int64 = 5_000_000_000
    private static let farewell: Int64 = 1_000_000_000
    private static let library: Int32 = mosquitto_lib_init()

    /// Connects, and waits until the broker has accepted the connection.
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
        mosquitto_message_callback_set(handle) { _, context, message in
            guard let context, let message = message?.pointee else { return }
            let bytes = UnsafeRawBufferPointer(start: message.payload, count: Int(message.payloadlen))
            let told = Unmanaged<Told>.fromOpaque(context).takeUnretainedValue()
            told.payloads.append(String(decoding: bytes, as: UTF8.self))
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
                throw SinkFailure("\(endpoint.host) port \(endpoint.port): the broker did not respond within 5 s")
            }
            wait(milliseconds: 50)
            try turn()
        }
        if let answer = told.answer, answer != 0 {
            throw SinkFailure(
                "\(endpoint.host) port \(endpoint.port): the broker refused the connection: \(String(cString: mosquitto_connack_string(answer)))"
            )
        }
    }

    deinit {
        mosquitto_destroy(handle)
    }

    /// The descriptors to poll.
    var descriptors: [pollfd] {
        let descriptor = mosquitto_socket(handle)
        guard descriptor >= 0 else { return [] }
        let events = mosquitto_want_write(handle) ? POLLIN | POLLOUT : POLLIN
        return [pollfd(fd: descriptor, events: Int16(events), revents: 0)]
    }

    /// Reads and writes as far as possible, and keeps the connection alive.
    func turn() throws(SinkFailure) {
        for polled in ready() {
            if polled.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { try check(mosquitto_loop_read(handle, 1)) }
            if mosquitto_want_write(handle) { try check(mosquitto_loop_write(handle, 1)) }
        }
        try check(mosquitto_loop_misc(handle))
    }

    /// Publishes a message; it is queued while the broker cannot accept it.
    func publish(_ message: MQTTMessage) throws(SinkFailure) {
        let code = mosquitto_publish(
            handle, nil, message.topic, Int32(message.payload.utf8.count), message.payload, message.mustArrive ? 1 : 0,
            message.isRetained)
        try check(code)
        told.pending += 1
    }

    /// Asks for the messages of one topic.
    func subscribe(to topic: String) throws(SinkFailure) {
        try check(mosquitto_subscribe(handle, nil, topic, 1))
    }

    /// Returns the payloads that arrived since the last call.
    func takePayloads() -> [String] {
        defer { told.payloads = [] }
        return told.payloads
    }

    /// Disconnects after the unsent messages are sent, or after one second.
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
            // The broker is gone and publishes the last will itself.
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
        // libmosquitto leaves the system's error in errno.
        let reason =
            code == MOSQ_ERR_ERRNO.asInt ? SystemError.last.description : String(cString: mosquitto_strerror(code))
        throw SinkFailure("\(endpoint.host) port \(endpoint.port): \(reason)")
    }
}

extension mosq_err_t {
    fileprivate var asInt: Int32 { Int32(rawValue) }
}
