// The bridge: one link to the daemon and a runner for each sink.

import EventServer
import Events
import JSON
import Synchronization
import System

/// Forwards the daemon's events to sinks, each on its own thread. Any thread may use it.
public final class Bridge: Sendable {
    private struct Outlet {
        let runner: SinkRunner
        let thread: BridgeThread
    }

    private let link: DaemonLink
    private let log: @Sendable (String) -> Void
    private let outlets = Mutex<[Outlet]>([])
    private let linkThread = Mutex<BridgeThread?>(nil)

    /// Creates a bridge without sinks.
    ///
    /// - Parameters:
    ///   - socket: path of the daemon's socket.
    ///   - timeout: milliseconds without an answer after which the daemon counts as lost.
    ///   - log: receives lines for the user, on any thread.
    public init(
        socket: String, timeout: Int = 15_000, log: @escaping @Sendable (String) -> Void
    ) throws(BridgeError) {
        self.log = log
        link = try DaemonLink(path: socket, timeout: timeout, log: log)
    }

    /// Applies a list of sinks: opens new sinks, switches off and closes sinks that are no longer listed, and leaves
    /// the others unchanged. Blocks for at most two seconds until the removed sinks have ended.
    public func apply(_ settings: [SinkSettings]) throws(BridgeError) {
        let context = SinkContext(metrics: { [weak self] in self?.metrics ?? "" }, log: log)
        var old = outlets.withLock { $0 }
        var kept: [Outlet] = []
        var fresh: [SinkRunner] = []
        for wanted in settings {
            if let index = old.firstIndex(where: { $0.runner.settings == wanted }) {
                kept.append(old.remove(at: index))
            } else {
                let link = link
                fresh.append(try SinkRunner(wanted, context) { link.renewal($0) })
            }
        }
        for outlet in old { outlet.runner.stop() }
        // A sink that is replaced must first release its resources.
        Self.await(old, milliseconds: 2_000)
        link.feed((kept.map(\.runner) + fresh).map(\.queue), rate: settings.map(\.rate).max() ?? 0)
        for runner in fresh {
            kept.append(Outlet(runner: runner, thread: try BridgeThread(runner.settings.scheme) { runner.run() }))
        }
        let running = kept
        outlets.withLock { $0 = running }
        try linkThread.withLock { (thread) throws(BridgeError) in
            guard thread == nil else { return }
            let link = link
            thread = try BridgeThread("daemon link") { link.run() }
        }
    }

    /// Switches everything off and ends; returns false when a sink did not end in time.
    @discardableResult
    public func stop(withinMilliseconds time: Int = 2_000) -> Bool {
        link.stop()
        let old = outlets.withLock { outlets in
            defer { outlets = [] }
            return outlets
        }
        for outlet in old { outlet.runner.stop() }
        return Self.await(old, milliseconds: time)
    }

    @discardableResult
    private static func await(_ outlets: [Outlet], milliseconds: Int) -> Bool {
        let end = SystemClock.monotonic + Int64(milliseconds) * 1_000_000
        while outlets.contains(where: { !$0.thread.isOver }) {
            guard SystemClock.monotonic < end else { return false }
            SystemClock.sleep(nanoseconds: 2_000_000)
        }
        return true
    }

    /// The state of every sink.
    public var statuses: [SinkStatus] { outlets.withLock { $0 }.map(\.runner.present) }

    /// The complete state, for `timbre bridge --status`.
    public var status: JSONValue {
        .object([.init("daemon", link.json), .init("sinks", .array(statuses.map(\.json)))])
    }

    /// The daemon's counters and the bridge's own, in Prometheus text format.
    public var metrics: String { link.metrics + SinkStatus.prometheus(statuses) }
}
