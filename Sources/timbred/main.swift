// Starts the daemon as specified on its command line.

import CommandLine
import Configuration
import Engine
import Glibc

do {
    switch try Program.daemon.parse(Array(Swift.CommandLine.arguments.dropFirst())) {
    case .show(let text):
        print(text, terminator: "")
    case .run(_, let arguments):
        // Created before any thread, so that all threads have the signals blocked.
        let signals = try Signals()
        exit(try Daemon(Launch(arguments), signals: signals, journal: Journal(level: .error)).run().rawValue)
    }
} catch let failure as Launch.Failure {
    fail(failure.sentence, failure.code)
} catch let error as UsageError {
    fail("\(error)", .usage)
} catch let error as ConfigurationError {
    fail("\(error)", .configuration)
} catch let error as EngineError {
    fail("\(error)", error.code)
} catch {
    fail("\(error)", .unavailable)
}

/// Prints the reason and ends the program.
func fail(_ sentence: String, _ code: ExitCode) -> Never {
    let journal = Journal(level: .error)
    journal.error(sentence)
    journal.flush()
    exit(code.rawValue)
}

extension EngineError {
    /// The exit status when an engine cannot be created.
    var code: ExitCode {
        switch self {
        case .model: hasNoModel ? .noInput : .data
        case .source, .settings: .configuration
        case .thread: .unavailable
        }
    }
}
