// The whole bridge: one link to the daemon and a runner for each sink.

import EventServer
import Events
import JSON
import Synchronization
import System

/// Passes on what the daemon says to sinks, each on a thread of its own. For any thread.
public final class Bridge: Sendable {
    private struct Outlet {
        let runner: SinkRunner
        let thread: BridgeThread
    }

    private let link: DaemonLink
    private let log: @Sendable (String) -> Void
    private let outlets = Mutex<[Outlet]>([])
    private let linkThread = Mutex<BridgeThread?>(nil)

    /// A bridge that does nothing yet.
    ///
    /// - Parameters:
    ///   - socket: where the daemon listens.
    ///   - timeout: milliseconds of silence after which a daemon that answers nothing counts as gone.
    ///   - log: gets lines for a person, from any thread.
    public init(
        socket: String, timeout: Int = 15_000, log: @escaping @Sendable (String) -> Void
    ) throws(BridgeError) {
        self.log = log
        link = try DaemonLink(path: socket, timeout: timeout, log: log)
    }

    /// Puts these sinks into force: those that are new are opened, those that are no longer named are put out and
    /// closed, the rest goes on undisturbed.
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
        // A sink whose place another one takes has to let go of it first.
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

    /// Puts everything out and ends; false when a sink did not let go in time.
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

    /// How every sink is.
    public var statuses: [SinkStatus] { outlets.withLock { $0 }.map(\.runner.present) }

    /// The whole state, for `timbre bridge --status`.
    public var status: JSONValue {
        .object([.init("daemon", link.json), .init("sinks", .array(statuses.map(\.json)))])
    }

    /// The daemon's counters and the bridge's own, in the text form of Prometheus.
    public var metrics: String { link.metrics + SinkStatus.prometheus(statuses) }
}
