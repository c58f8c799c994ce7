// The interface of every sink of a bridge.

import Glibc

/// Passes events on to a peer outside the program: a broker, a port, a file, a socket.
///
/// A sink never sees a gap: the runner's ledger gives it an `off` for every `on`, also when the daemon goes, when lines were
/// lost, and when a reload removes the sink; after `open` it gets an `on` for everything that is on. So it keeps no record of
/// what is on, unless its peer needs one.
///
/// Threads: `init` is called on any thread, reads settings and touches nothing outside. All other calls come from the thread
/// of the sink's runner, which owns it. A call that blocks delays this sink alone, but at most a few seconds, for the runner
/// waits for them when it is stopped. A `SinkFailure` makes the runner close the sink and open it again later.
protocol EventSink: AnyObject {
    /// The word before the first colon of its address.
    static var scheme: String { get }
    /// How an address is written, for people: `osc:HOST:PORT[/PREFIX]`.
    static var form: String { get }
    /// What it does, in one line without the full stop.
    static var summary: String { get }
    /// Its options, besides the filter's, which every sink has.
    static var options: [SinkOption] { get }
    /// The filter in force where none is given.
    static var usualFilter: SinkFilter { get }

    /// Checks the settings. Throws what is wrong with them.
    init(_ settings: SinkSettings, _ context: SinkContext) throws(SinkProblem)
    /// Connects to the peer; blocks for a few seconds at most.
    func open() throws(SinkFailure)
    /// Sends these events, in order.
    func send(_ events: [SinkEvent]) throws(SinkFailure)
    /// Disconnects and frees everything; called also after a failure, and more than once.
    func close()

    /// Descriptors that the runner polls for the sink, with the events of poll(2). They stay the sink's.
    var descriptors: [pollfd] { get }
    /// Milliseconds after which `turn` is called although nothing was ready.
    var turnMilliseconds: Int { get }
    /// Handles a ready descriptor or the end of the interval; also called after `send`.
    func turn() throws(SinkFailure)
}

extension EventSink {
    static var options: [SinkOption] { [] }
    static var usualFilter: SinkFilter { SinkFilter() }
    var descriptors: [pollfd] { [] }
    var turnMilliseconds: Int { 1000 }
    func turn() throws(SinkFailure) {}
}

/// The bridge as a sink sees it. For any thread.
struct SinkContext: Sendable {
    /// Counters of the daemon and of the bridge in the text form of Prometheus.
    let metrics: @Sendable () -> String
    /// A line for the log.
    let log: @Sendable (String) -> Void

    /// For settings that are only looked at.
    static let none = SinkContext(metrics: { "" }, log: { _ in })
}

/// What went wrong with a sink's peer, as a sentence. The sink is closed and tried again after a pause.
struct SinkFailure: Error, Equatable, CustomStringConvertible {
    /// The sentence.
    let description: String

    init(_ sentence: String) {
        description = sentence
    }
}

/// A sentence about a description that cannot be obeyed; the reader of the configuration adds file and line.
public struct SinkProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence, with the remedy.
    public let description: String

    init(_ sentence: String) {
        description = sentence
    }
}
