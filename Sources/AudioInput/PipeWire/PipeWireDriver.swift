// A PipeWire capture stream.

import AudioCore
import CPipeWire
import Glibc
import System

/// A stream that is bound to one node: when the node disappears the stream fails; it is never moved to another node.
///
/// PipeWire's real-time thread calls back once per period. The session manager links the stream, so without one
/// (WirePlumber, for example) no stream is connected.
final class PipeWireDriver: CallbackDriver {
    /// A node that can be captured; the monitor of a sink is named SINK.monitor.
    struct Node {
        var name: String
        var label: String
    }

    /// The data of the callbacks of one opening.
    private final class Context {
        let queue: CallbackQueue
        let stop: StopFlag

        init(_ queue: CallbackQueue, _ stop: StopFlag) {
            self.queue = queue
            self.stop = stop
        }
    }

    private static let monitor = ".monitor"

    private let node: String?
    private let sampleRate: Int
    private let remote: String?
    private var connection: OpaquePointer?
    private var context: Context?

    /// If `node` is nil, the session's default source is used; if `remote` is nil, the user's environment selects the
    /// daemon.
    init(node: String?, sampleRate: Int, remote: String? = nil) {
        self.node = node
        self.sampleRate = sampleRate
        self.remote = remote
    }

    func start(_ queue: CallbackQueue, stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        let source = "pipewire:\(node ?? "")"
        guard let connection = timbre_pipewire_connect(remote) else { throw Self.failure("connecting", errno) }
        self.connection = connection
        var name = node
        var isSink = false
        if let node {
            let known = try Self.nodes(on: connection).map(\.name)
            guard known.contains(node) else {
                throw .missing(
                    source: source, detail: "PipeWire has no such node; \"timbre devices\" lists the available nodes")
            }
            isSink = node.hasSuffix(Self.monitor)
            if isSink { name = String(node.dropLast(Self.monitor.count)) }
        }
        let context = Context(queue, stop)
        self.context = context
        var events = timbre_pipewire_events(
            context: Unmanaged.passUnretained(context).toOpaque(),
            frames: { context, frames, count, channels in
                guard let queue = PipeWireDriver.context(context)?.queue else { return }
                guard let frames else { return queue.lose() }
                queue.push(UnsafeBufferPointer(start: frames, count: Int(count * channels)), channels: Int(channels))
            },
            failed: { context, code in PipeWireDriver.context(context)?.queue.fail(code) },
            is_cancelled: { context in PipeWireDriver.context(context)?.stop.isRaised ?? true })
        var (rate, channels): (Int32, Int32) = (0, 0)
        let code = timbre_pipewire_capture(connection, name, isSink, Int32(sampleRate), &events, &rate, &channels)
        switch code {
        case 0: return AudioFormat(sampleRate: Int(rate), channels: Int(channels))
        case ETIMEDOUT:
            throw .missing(
                source: source, detail: "no node was connected to the stream: check that a session manager is running")
        default:
            let said = String(cString: timbre_pipewire_message(connection))
            throw .unusable(source: source, detail: said.isEmpty ? SystemError(code: code).description : said)
        }
    }

    func stop() {
        timbre_pipewire_close(connection)
        connection = nil
        context = nil
    }

    /// Returns the nodes that can be captured. Blocks for at most two seconds.
    static func nodes(remote: String? = nil) throws(AudioInputError) -> [Node] {
        guard let connection = timbre_pipewire_connect(remote) else { throw failure("connecting", errno) }
        defer { timbre_pipewire_close(connection) }
        return try nodes(on: connection)
    }

    private static func nodes(on connection: OpaquePointer) throws(AudioInputError) -> [Node] {
        var nodes: [Node] = []
        let code = withUnsafeMutablePointer(to: &nodes) { list in
            timbre_pipewire_list(
                connection,
                { context, node in
                    guard let list = context?.assumingMemoryBound(to: [Node].self), let node = node?.pointee else {
                        return
                    }
                    let name = String(cString: node.name)
                    list.pointee.append(
                        Node(
                            name: node.is_sink ? name + PipeWireDriver.monitor : name,
                            label: (node.is_sink ? "Monitor of " : "") + String(cString: node.label)))
                }, list)
        }
        guard code == 0 else { throw failure("listing its nodes", code) }
        return nodes
    }

    private static func context(_ pointer: UnsafeMutableRawPointer?) -> Context? {
        pointer.map { Unmanaged<Context>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func failure(_ step: String, _ code: Int32) -> AudioInputError {
        let detail = "\(step): \(SystemError(code: code))"
        switch code {
        case EHOSTDOWN, ECONNREFUSED, ENOENT: return .missing(source: "PipeWire", detail: detail)
        default: return .unusable(source: "PipeWire", detail: detail)
        }
    }
}
