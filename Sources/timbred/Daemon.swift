// The delivery thread: events to clients, commands and signals to the engine.

import AudioCore
import Configuration
import Engine
import EventServer
import Events
import Glibc

/// Owns engine and server and runs until a signal ends it. Everything happens on the thread that calls `run`.
final class Daemon {
    private let launch: Launch
    private let signals: Signals
    private let manager = ServiceManager()
    private var journal: Journal
    private var settings: Settings
    private let engine: Engine
    private let server: EventServer
    private let commands: Commands
    private var output: LineSink?
    private var nextMeal: Int64 = 0

    /// Loads the model and opens the socket; no device is touched yet.
    init(_ launch: Launch, signals: Signals) throws {
        self.launch = launch
        self.signals = signals
        settings = launch.settings
        journal = Journal(level: settings.logLevel)
        let wakeup = try Wakeup()
        let engine = try Engine(settings, modelPath: launch.modelPath, wakeup: wakeup)
        if let path = launch.configurationPath { try settings.check(classes: engine.classes, file: path) }
        let commands = Commands(engine, settings)
        self.engine = engine
        self.commands = commands
        server = try EventServer(
            listening: launch.listen(), limits: launch.limits, wakeup: wakeup, hello: { engine.hello },
            handler: commands)
        if launch.writesStandardOutput { output = LineSink(descriptor: 1) }
    }

    /// Listens until SIGTERM or SIGINT.
    func run() throws {
        server.watch(signals.descriptor)
        commands.publish = { [unowned self] in publish($0) }
        try engine.start()
        // Clients get theirs from the server when they come.
        for event in engine.greeting { write(event) }
        manager.ready("listening to \(engine.streams.joined(separator: ", "))")
        journal.info(
            "listening with \(engine.file.description.name) on \(settings.socket.path ?? "no socket"), "
                + "sources: \(settings.streams.map(\.source).joined(separator: ", "))")
        if settings.tags.enabled, engine.clip == nil {
            journal.warning("there are no tags: \(BundledFile.clipModel.rawValue) did not come with this program")
        }
        if settings.realtimePriority > 0, !engine.hasRealtimePriority {
            journal.info("capture runs at ordinary priority: the system refused [realtime] priority")
        }
        while true {
            if server.turn(timeoutMilliseconds: 1000).contains(signals.descriptor), !answerSignals() { break }
            engine.drain(publish)
            feedWatchdog()
        }
        manager.stopping()
        journal.info("stopping")
        engine.stop(publish)
        server.close(reason: "the daemon was stopped")
    }

    private func publish(_ event: Event) {
        switch event.body {
        case .health(let health):
            let text = "\(event.place?.stream ?? ""): \(health.state.rawValue): \(health.message)"
            health.state.isTrouble ? journal.warning(text) : journal.info(text)
            manager.status(text)
        case .discontinuity(let gap):
            journal.warning("\(event.place?.stream ?? ""): \(gap.lostSeconds) s missing: \(gap.reason.rawValue)")
        case .recording(let change):
            let text =
                "\(event.place?.stream ?? ""): recording \(change.state.rawValue): "
                + [change.session, change.message].filter { !$0.isEmpty }.joined(separator: ": ")
            change.state == .failed ? journal.error(text) : journal.info(text)
        default:
            break
        }
        server.publish(event)
        write(event)
    }

    private func write(_ event: Event) {
        guard let error = output?.write(event), error != 0 else { return }
        journal.error("standard output: \(String(cString: strerror(error))); nothing more is written there")
        output = nil
    }

    /// Does what the signals ask; false when it is time to end.
    private func answerSignals() -> Bool {
        while let signal = signals.next() {
            if signal != SIGHUP { return false }
            manager.reloading()
            reload()
            manager.ready("listening to \(engine.streams.joined(separator: ", "))")
        }
        return true
    }

    private func reload() {
        guard let path = launch.configurationPath else {
            return journal.warning("SIGHUP: there is no configuration file to read again")
        }
        do {
            let plan = try ReloadPlan(running: settings, file: path, classes: engine.classes)
            try engine.apply(plan.settings.events)
            engine.apply(plan.settings.record)
            settings = plan.settings
            commands.settings = settings
            journal.level = settings.logLevel
            journal.info("\(path): read again, \(plan.applied.count) changes applied")
            for change in plan.applied { journal.info("\(path): \(change)") }
            for change in plan.waiting { journal.warning("\(path): \(change) waits for a restart") }
        } catch {
            journal.error("\(error); nothing was changed")
        }
    }

    /// Only while capture, analysis and delivery all move.
    private func feedWatchdog() {
        guard let interval = manager.feedingInterval else { return }
        let now = SystemClock.monotonic
        guard now >= nextMeal, engine.isAlive else { return }
        manager.feedWatchdog()
        nextMeal = now + interval
    }
}

extension Health.State {
    /// Whether a person should look.
    var isTrouble: Bool {
        switch self {
        case .opening, .running, .ended: false
        case .waiting, .stalled, .lost, .overload, .silent: true
        }
    }
}
