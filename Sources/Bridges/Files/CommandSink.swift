// `command:`: runs a program for each event.

import Events
import Glibc
import System

/// Runs a program per event, without a shell; the event is passed in environment variables.
final class CommandSink: EventSink {
    static let scheme = "command"
    static let form = "command:PROGRAM"
    static let summary = "a program that is run for every event, with the event's fields in its environment"
    static let options = [
        SinkOption("argument", .text, help: "an argument of the program"),
        SinkOption(
            "per_second", .number(0.01...1000), "10", help: "maximum runs per second; further events are dropped"),
        SinkOption("at_once", .integer(1...256), "8", help: "maximum number of programs that run at the same time"),
    ]
    static let usualFilter = SinkFilter(kinds: [.on, .off])

    private let program: String
    private let argument: String?
    private let perSecond: Double
    private let atOnce: Int
    private let context: SinkContext
    private var children: [pid_t] = []
    private var allowance = 0.0
    private var refilled: Int64 = 0
    private var leftOut = 0
    private var encoder = EventEncoder()

    init(_ settings: SinkSettings, _ context: SinkContext) throws(SinkProblem) {
        program = settings.address
        guard program.hasPrefix("/") else {
            throw SinkProblem("write the absolute path of the program, as in command:/usr/local/bin/lights")
        }
        argument = settings.text("argument")
        perSecond = settings.number("per_second")
        atOnce = settings.integer("at_once")
        self.context = context
    }

    func open() throws(SinkFailure) {
        guard access(program, X_OK) == 0 else { throw SinkFailure("\(program): \(SystemError.last)") }
        allowance = max(1, perSecond)
        refilled = SystemClock.monotonic
    }

    func send(_ events: [SinkEvent]) throws(SinkFailure) {
        for item in events where item.event.position != nil {
            reap()
            let now = SystemClock.monotonic
            allowance = min(max(1, perSecond), allowance + Double(now - refilled) / 1e9 * perSecond)
            refilled = now
            guard allowance >= 1, children.count < atOnce else {
                leftOut += 1
                if leftOut == 1 {
                    context.log("command:\(program): events exceed per_second or at_once; some are dropped")
                }
                continue
            }
            allowance -= 1
            try run(item)
        }
    }

    var turnMilliseconds: Int { children.isEmpty ? 1000 : 50 }

    func turn() throws(SinkFailure) { reap() }

    /// Leaves the programs that still run to a thread that waits for each, so that none stays behind as a zombie.
    func close() {
        reap()
        let left = children
        children = []
        guard !left.isEmpty else { return }
        _ = try? DetachedThread.start("command-reaper", blocksSignals: true) {
            for child in left { while waitpid(child, nil, 0) < 0, errno == EINTR {} }
        }
    }

    private func reap() {
        children.removeAll { waitpid($0, nil, WNOHANG) != 0 }
    }

    /// Returns the event as environment variables.
    static func environment(_ event: Event, line: String) -> [(name: String, value: String)] {
        var variables = [("TYPE", event.kind.rawValue), ("JSON", line)]
        if let position = event.position {
            variables += [("STREAM", position.stream), ("T", "\(position.time.seconds)")]
        }
        switch event.body {
        case .on(let on):
            variables += [
                ("INSTRUMENT", on.instrument), ("FAMILY", on.family), ("CONFIDENCE", "\(on.confidence)"),
            ]
        case .off(let off):
            variables += [
                ("INSTRUMENT", off.instrument), ("FAMILY", off.family), ("CONFIDENCE", "\(off.confidence)"),
                ("DURATION", "\(off.duration)"),
            ]
        case .health(let health): variables += [("STATE", health.state.description), ("MESSAGE", health.message)]
        case .mark(let text): variables.append(("TEXT", text))
        case .discontinuity(let gap): variables += [("REASON", gap.reason.rawValue), ("LOST", "\(gap.lostSeconds)")]
        case .recording(let change): variables += [("STATE", change.state.rawValue), ("SESSION", change.session)]
        case .hello, .snapshot, .activity, .tags, .lagged, .closing, .reply: break
        }
        return variables.map { ("TIMBRE_\($0.0)", $0.1) }
    }

    private func run(_ item: SinkEvent) throws(SinkFailure) {
        let line = "{" + String(decoding: item.body(&encoder).dropLast(), as: UTF8.self)
        let variables = Self.environment(item.event, line: line).map { "\($0.name)=\($0.value)" }
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program)]
        if let argument { arguments.append(strdup(argument)) }
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/local/bin:/usr/bin:/bin")]
        for variable in variables { environment.append(strdup(variable)) }
        arguments.append(nil)
        environment.append(nil)
        let texts = arguments + environment
        defer { for text in texts { free(text) } }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // All signals are blocked in this thread and SIGPIPE is ignored; the program must not inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var child = pid_t()
        let error = posix_spawn(&child, program, nil, &attributes, arguments, environment)
        guard error == 0 else { throw SinkFailure("\(program): cannot be run: \(SystemError(code: error))") }
        children.append(child)
    }
}
