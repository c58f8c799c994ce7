// Starts the daemon the way its command line says.

import CommandLine
import Configuration
import Engine
import Glibc

do {
    switch try Program.daemon.parse(Array(Swift.CommandLine.arguments.dropFirst())) {
    case .show(let text):
        print(text, terminator: "")
    case .run(_, let arguments):
        // Before any thread, so that all of them have the signals blocked.
        let signals = Signals()
        try Daemon(Launch(arguments), signals: signals).run()
    }
} catch let failure as Launch.Failure {
    Journal(level: .error).error(failure.sentence)
    exit(failure.code.rawValue)
} catch let error as UsageError {
    Journal(level: .error).error("\(error)")
    exit(ExitCode.usage.rawValue)
} catch let error as ConfigurationError {
    Journal(level: .error).error("\(error)")
    exit(ExitCode.configuration.rawValue)
} catch let error as EngineError {
    Journal(level: .error).error("\(error)")
    exit(error.code.rawValue)
} catch {
    Journal(level: .error).error("\(error)")
    exit(ExitCode.unavailable.rawValue)
}

extension EngineError {
    /// How the program ends when an engine cannot be made.
    var code: ExitCode {
        switch self {
        case .model: .data
        case .source, .settings: .configuration
        case .thread: .software
        }
    }
}
