// A JACK client with one input port for each captured port.

import AudioCore
import CJACK
import Glibc

/// Connects its inputs to the ports of one other client and pushes each of the server's periods to the queue.
///
/// The source is lost when the server ends, and when one of its connections is removed by the other client or by the
/// user: a stream never continues with silence.
final class JACKDriver: CallbackDriver {
    /// A client with audio outputs.
    struct Client {
        var name: String
        var ports: Int
    }

    /// Error code: the server ended.
    static let gone = ENOTCONN
    private static let audio = "32 bit float mono audio"

    /// The data of the callbacks of one opening. It is changed only while the client is not active.
    private final class Context {
        let queue: CallbackQueue
        let client: OpaquePointer
        var inputs: [OpaquePointer] = []
        /// One period, interleaved.
        var frames = UnsafeMutableBufferPointer<Float>(start: nil, count: 0)

        init(_ queue: CallbackQueue, _ client: OpaquePointer) {
            self.queue = queue
            self.client = client
        }

        deinit { frames.deallocate() }
    }

    private let ports: String
    private let server: String?
    private var client: OpaquePointer?
    private var context: Context?

    /// Captures the ports that `ports` names: a client, one port of it, or "" for the sound card's. If `server` is
    /// nil, the user's environment selects the server.
    init(ports: String, server: String? = nil) {
        self.ports = ports
        self.server = server
    }

    func start(_ queue: CallbackQueue, stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        let client = try Self.connect(server)
        self.client = client
        let context = Context(queue, client)
        self.context = context
        let names = try outputs(of: client)
        let channels = names.count
        for index in 1...channels {
            guard let port = jack_port_register(client, "in_\(index)", Self.audio, UInt(JackPortIsInput.rawValue), 0)
            else { throw failure("registering a port") }
            context.inputs.append(port)
        }
        let period = Int(jack_get_buffer_size(client))
        context.frames = .allocate(capacity: period * channels)
        context.frames.initialize(repeating: 0)
        try listen(client, context)
        for (index, name) in names.enumerated() {
            let code = jack_connect(client, name, jack_port_name(context.inputs[index]))
            guard code == 0 || code == EEXIST else { throw failure("connecting \(name)") }
        }
        return AudioFormat(sampleRate: Int(jack_get_sample_rate(client)), channels: channels)
    }

    func stop() {
        if let client { jack_client_close(client) }
        client = nil
        context = nil
    }

    /// Returns the clients with audio outputs. Blocks briefly.
    static func clients(server: String? = nil) throws(AudioInputError) -> [Client] {
        let client = try connect(server)
        defer { jack_client_close(client) }
        var clients: [Client] = []
        for port in names(client, nil, JackPortIsOutput.rawValue) {
            let name = String(port.prefix { $0 != ":" })
            if let index = clients.firstIndex(where: { $0.name == name }) {
                clients[index].ports += 1
            } else {
                clients.append(Client(name: name, ports: 1))
            }
        }
        return clients
    }

    /// Returns the full names of the ports to capture.
    private func outputs(of client: OpaquePointer) throws(AudioInputError) -> [String] {
        let source = "jack:\(ports)"
        let physical = ports.isEmpty ? JackPortIsPhysical.rawValue : 0
        let found = Self.names(client, nil, JackPortIsOutput.rawValue | physical).filter {
            ports.isEmpty || $0 == ports || $0.hasPrefix(ports + ":")
        }
        guard !found.isEmpty else {
            throw .missing(
                source: source,
                detail: ports.isEmpty
                    ? "the sound card has no inputs"
                    : "the server has no such client or port; \"timbre devices\" lists the clients")
        }
        guard found.count <= ChannelSelection.limit else {
            throw .unusable(source: source, detail: "it has \(found.count) ports, more than \(ChannelSelection.limit)")
        }
        return found
    }

    private func listen(_ client: OpaquePointer, _ context: Context) throws(AudioInputError) {
        let opaque = Unmanaged.passUnretained(context).toOpaque()
        jack_set_process_callback(
            client,
            { frames, context in
                JACKDriver.process(Int(frames), JACKDriver.context(context))
                return 0
            }, opaque)
        jack_set_xrun_callback(
            client,
            { context in
                JACKDriver.context(context)?.queue.lose()
                return 0
            }, opaque)
        // A larger period would not fit, so the source fails; a new opening allocates the larger buffer.
        jack_set_buffer_size_callback(
            client,
            { frames, context in
                guard let context = JACKDriver.context(context) else { return 0 }
                if Int(frames) * context.inputs.count != context.frames.count { context.queue.fail(ESTALE) }
                return 0
            }, opaque)
        jack_set_port_connect_callback(
            client,
            { first, second, isConnected, context in
                guard isConnected == 0, let context = JACKDriver.context(context) else { return }
                let ends = [first, second].map { jack_port_by_id(context.client, $0) }
                if context.inputs.contains(where: { ends.contains($0) }) { context.queue.fail(ENODEV) }
            }, opaque)
        jack_on_shutdown(client, { JACKDriver.context($0)?.queue.fail(JACKDriver.gone) }, opaque)
        guard jack_activate(client) == 0 else { throw failure("activating the client") }
    }

    /// Interleaves the ports of one period. JACK's real-time thread.
    private static func process(_ frames: Int, _ context: Context?) {
        guard let context, let target = context.frames.baseAddress else { return }
        let channels = context.inputs.count
        guard frames * channels <= context.frames.count else { return context.queue.lose() }
        for channel in 0..<channels {
            guard let samples = jack_port_get_buffer(context.inputs[channel], UInt32(frames)) else { continue }
            let floats = samples.assumingMemoryBound(to: Float.self)
            for frame in 0..<frames { target[frame * channels + channel] = floats[frame] }
        }
        context.queue.push(UnsafeBufferPointer(start: target, count: frames * channels), channels: channels)
    }

    private static func connect(_ server: String?) throws(AudioInputError) -> OpaquePointer {
        // The library writes errors to standard error at every attempt; the supervisor reports each once.
        jack_set_error_function { _ in }
        jack_set_info_function { _ in }
        var status = JackStatus(rawValue: 0)
        guard let client = timbre_jack_open("timbre", server, &status) else {
            if status.rawValue & JackServerFailed.rawValue != 0 {
                throw .missing(source: "JACK", detail: "no server is running for this user")
            }
            throw .unusable(source: "JACK", detail: "the server refused a client (status \(status.rawValue))")
        }
        return client
    }

    private static func names(_ client: OpaquePointer, _ pattern: String?, _ flags: UInt32) -> [String] {
        guard let list = jack_get_ports(client, pattern, audio, UInt(flags)) else { return [] }
        defer { jack_free(list) }
        var names: [String] = []
        var next = list
        while let name = next.pointee {
            names.append(String(cString: name))
            next += 1
        }
        return names
    }

    private static func context(_ pointer: UnsafeMutableRawPointer?) -> Context? {
        pointer.map { Unmanaged<Context>.fromOpaque($0).takeUnretainedValue() }
    }

    private func failure(_ step: String) -> AudioInputError {
        .unusable(source: "jack:\(ports)", detail: "\(step): the server refused")
    }
}
