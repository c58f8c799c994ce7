// The delivery thread: passes events to clients, and commands and signals to the engine.

import AudioCore
import CommandLine
import Configuration
import Engine
import EventServer
import Events
import Glibc
import System

/// Owns engine and server and runs until a signal ends it. Everything runs on the thread that calls `run`.
final class Daemon {
    private let launch: Launch
    private let signals: Signals
    private let manager = ServiceManager()
    private let journal: Journal
    private var settings: Settings
    private let engine: Engine
    private let server: EventServer
    private let commands: Commands
    private var nextWatchdog: Int64 = 0
    private var hasToldEnd = false
    private var descriptorFaults: Int64 = 0

    /// Loads the model and opens the socket; opens no device yet.
    init(_ launch: Launch, signals: Signals, journal: Journal) throws {
        self.launch = launch
        self.signals = signals
        settings = launch.settings
        self.journal = journal
        journal.level = settings.logLevel
        let wakeup = try Wakeup()
        let engine = try launch.located { () throws(EngineError) in
            try Engine(launch.settings, modelPath: launch.modelPath, wakeup: wakeup)
        }
        if let path = launch.configurationPath { try settings.check(classes: engine.classes, file: path) }
        let commands = Commands(engine, settings)
        self.engine = engine
        self.commands = commands
        server = try EventServer(
            listening: launch.listen(), limits: launch.limits, wakeup: wakeup, hello: { engine.hello },
            handler: commands)
    }

    /// Runs until SIGTERM or SIGINT, or until all sources have failed.
    func run() throws -> ExitCode {
        server.watch(signals.descriptor)
        commands.publish = { [unowned self] in publish($0) }
        if launch.writesStandardOutput { try server.write(to: STDOUT_FILENO) }
        try engine.start()
        manager.ready("listening to \(engine.streams.joined(separator: ", "))")
        journal.info(
            "listening with \(engine.file.description.name) on \(settings.socket.path ?? "no socket"), "
                + "sources: \(settings.streams.map(\.source).joined(separator: ", "))")
        for note in settings.notes { journal.warning(note) }
        if engine.emulatesBytes {
            journal.warning(
                "precision int8 takes several times as long as full on this processor, which has no AVX-512 VNNI: "
                    + "set precision = auto under [model]")
        }
        if settings.tags.enabled, engine.clip == nil {
            journal.warning("tags are disabled: \(BundledFile.clipModel.rawValue) is not installed")
        }
        if settings.realtimePriority > 0, !engine.hasRealtimePriority {
            journal.info("capture runs at ordinary priority: the system refused [realtime] priority")
        }
        var reason: String?
        while reason == nil {
            if server.turn(timeoutMilliseconds: 1000).contains(signals.descriptor), !answerSignals() {
                reason = "the daemon was stopped"
            }
            engine.drain(publish)
            reportServer()
            if reason == nil { reason = lookForSources() }
            feedWatchdog()
        }
        manager.stopping()
        journal.info("stopping")
        // Together less than the two seconds that a stop may take, even when a component hangs.
        engine.stop(withinMilliseconds: 1_300, publish)
        server.close(reason: reason ?? "", timeout: 350)
        journal.flush()
        return engine.allFailed ? .noInput : .success
    }

    /// Returns the reason why the daemon must end without a signal: all sources have failed, or they have ended and
    /// nobody can hear of it.
    private func lookForSources() -> String? {
        guard engine.isFinished else { return nil }
        if !engine.allFailed, !server.hasConsumers { return "every source has ended" }
        guard !hasToldEnd else { return nil }
        hasToldEnd = true
        guard engine.allFailed else {
            journal.warning("every source has ended; clients are still served")
            return nil
        }
        journal.error("no source can be used: the daemon ends")
        return "no source can be used: \(engine.failure ?? "")"
    }

    /// Reports failures of standard output and of descriptors.
    private func reportServer() {
        if let code = server.takeOutputFailure() {
            journal.error("standard output: \(SystemError(code: code)); events are no longer written to it")
        }
        let faults = server.counters.descriptorFaults
        if faults > 0, descriptorFaults == 0 {
            journal.warning(
                "there is no free file descriptor, and clients are refused: raise LimitNOFILE= or \"ulimit -n\"")
        }
        descriptorFaults = faults
    }

    private func publish(_ event: Event) {
        switch event.body {
        case .health(let health):
            let text = "\(event.position?.stream ?? ""): \(health.state.description): \(health.message)"
            if health.state == .failed {
                journal.error(text)
            } else {
                health.state.isTrouble ? journal.warning(text) : journal.info(text)
            }
            manager.status(text)
        case .discontinuity(let gap):
            let seconds = (gap.lostSeconds * 1000).rounded() / 1000
            journal.warning("\(event.position?.stream ?? ""): \(seconds) s of audio missing: \(gap.reason.rawValue)")
        case .recording(let change):
            let text =
                "\(event.position?.stream ?? ""): recording \(change.state.rawValue): "
                + [change.session, change.message].filter { !$0.isEmpty }.joined(separator: ": ")
            change.state == .failed ? journal.error(text) : journal.info(text)
        default:
            break
        }
        server.publish(event)
    }

    /// Handles pending signals; returns false when the daemon is to end.
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
            return journal.warning("SIGHUP: there is no configuration file to reload")
        }
        do {
            let plan = try ReloadPlan(
                running: settings, file: path, classes: engine.classes, overriding: launch.overriding)
            try engine.apply(plan.settings.events)
            engine.apply(plan.settings.record)
            settings = plan.settings
            commands.settings = settings
            journal.level = settings.logLevel
            journal.info("\(path): reloaded, \(plan.applied.count) changes applied")
            for note in settings.notes { journal.warning("\(path): \(note)") }
            for change in plan.applied { journal.info("\(path): \(change)") }
            for change in plan.waiting { journal.warning("\(path): \(change)") }
        } catch {
            journal.error("\(error); no setting was changed")
        }
    }

    /// Notifies the watchdog only while capture, analysis and delivery all make progress.
    private func feedWatchdog() {
        guard let interval = manager.feedingInterval else { return }
        let now = SystemClock.monotonic
        guard now >= nextWatchdog, engine.isAlive else { return }
        manager.feedWatchdog()
        nextWatchdog = now + interval
    }
}
