// The interface of every sink of a bridge.

import Events
import Glibc

/// Forwards events to a peer outside the program: a broker, a port, a file, a socket.
///
/// The event stream of a sink has no gaps. The runner's ledger emits an `off` for every `on`, also when the daemon
/// disconnects, when lines were lost, and when a reload removes the sink; after `open` it emits an `on` for every
/// active instrument. A sink therefore keeps no record of active instruments, unless its peer needs one.
///
/// Threads: `init` is called on any thread; it reads settings and accesses nothing outside the program. All other
/// methods are called on the thread of the sink's runner, which owns the sink. A call that blocks delays only this
/// sink. It may block for a few seconds at most, because the runner waits for it when it is stopped. A `SinkFailure`
/// makes the runner close the sink and open it again later.
protocol EventSink: AnyObject {
    /// The part of its address before the first colon.
    static var scheme: String { get }
    /// The form of its address, for help texts: `osc:HOST:PORT[/PREFIX]`.
    static var form: String { get }
    /// A description in one line without the full stop.
    static var summary: String { get }
    /// Its options, except those of the filter, which every sink has.
    static var options: [SinkOption] { get }
    /// The default filter.
    static var usualFilter: SinkFilter { get }

    /// Says which names in the sink's own options the daemon does not know.
    func unknownNames(_ hello: Hello) -> [String]
    /// Validates the settings. Throws a problem when one is invalid.
    init(_ settings: SinkSettings, _ context: SinkContext) throws(SinkProblem)
    /// Connects to the peer; blocks for a few seconds at most.
    func open() throws(SinkFailure)
    /// Sends these events, in order.
    func send(_ events: [SinkEvent]) throws(SinkFailure)
    /// Disconnects and frees all resources; the runner also calls it after a failure, and may call it more than once.
    func close()

    /// Descriptors that the runner polls for the sink, with the events of poll(2). The sink continues to own them.
    var descriptors: [pollfd] { get }
    /// Milliseconds after which the runner calls `turn` although no descriptor is ready.
    var turnMilliseconds: Int { get }
    /// Handles a ready descriptor or the end of the interval; the runner also calls it after `send`.
    func turn() throws(SinkFailure)
}

extension EventSink {
    static var options: [SinkOption] { [] }
    static var usualFilter: SinkFilter { SinkFilter() }
    func unknownNames(_ hello: Hello) -> [String] { [] }
    var descriptors: [pollfd] { [] }
    var turnMilliseconds: Int { 1000 }
    func turn() throws(SinkFailure) {}
}

/// The bridge's interface for a sink. Any thread may call it.
struct SinkContext: Sendable {
    /// Returns the counters of the daemon and of the bridge in Prometheus text format.
    let metrics: @Sendable () -> String
    /// Writes a line to the log.
    let log: @Sendable (String) -> Void

    /// A context for settings that are only validated.
    static let none = SinkContext(metrics: { "" }, log: { _ in })
}

/// A failure of a sink's peer, as a message. The runner closes the sink and opens it again after a pause.
struct SinkFailure: Error, Equatable, CustomStringConvertible {
    /// The message.
    let description: String

    init(_ sentence: String) {
        description = sentence
    }
}

/// An invalid sink description, as a message; the reader of the configuration adds file and line.
public struct SinkProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// The message, with the remedy.
    public let description: String

    init(_ sentence: String) {
        description = sentence
    }
}
