// Access to the daemon: finds its socket, connects, and sends a command.

import CommandLine
import EventServer
import Events
import Glibc
import JSON

/// The daemon, as the verbs use it.
struct Daemon {
    /// The path of its socket.
    let path: String

    /// Selects the socket from the command line, the environment or the default paths.
    init(_ arguments: Arguments) {
        path = arguments.text("socket") ?? Self.usualPath
    }

    private static var usualPath: String {
        func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        if let path = variable("TIMBRE_SOCKET"), !path.isEmpty { return path }
        if let folder = variable("XDG_RUNTIME_DIR"), access("\(folder)/timbred/timbred.sock", F_OK) == 0 {
            return "\(folder)/timbred/timbred.sock"
        }
        return "/run/timbred/timbred.sock"
    }

    /// Connects to the daemon. Throws an error with the remedy when it does not listen.
    func connect() throws(Failure) -> EventClient {
        do throws(EventServerError) {
            return try EventClient(path: path)
        } catch {
            throw Failure("\(error)\(remedy(error))", .unavailable)
        }
    }

    private func remedy(_ error: EventServerError) -> String {
        guard case .system("connect", _, let code) = error else { return "" }
        switch code {
        case ENOENT, ECONNREFUSED: return ": timbred is not running, or uses another socket (--socket)"
        case EACCES: return ": only members of the group timbred may connect"
        default: return ""
        }
    }

    /// Sends one command and returns the members of the reply.
    func ask(_ command: String, _ arguments: [JSONValue.Member] = []) throws(Failure) -> [JSONValue.Member] {
        let client = try connect()
        try client.request(command, arguments)
        while case .line(let line) = try client.next(withinMilliseconds: 5_000) {
            guard let event = try? NumberedEvent(line: line).event, case .reply(let reply) = event.body else {
                continue
            }
            return try reply.members()
        }
        throw Failure("\(path): the daemon did not answer within 5 s", .unavailable)
    }
}

extension Reply {
    /// Returns the members of the reply; throws the reason when the daemon refused.
    func members() throws(Failure) -> [JSONValue.Member] {
        switch outcome {
        case .done(let members): return members
        case .refused(let why): throw Failure("the daemon refused \(command): \(why)", .usage)
        }
    }
}

extension EventClient {
    /// Sends a command.
    func request(_ command: String, _ arguments: [JSONValue.Member]) throws(Failure) {
        do throws(EventServerError) {
            try send(command, arguments)
        } catch {
            throw Failure(error.description, .io)
        }
    }

    /// Returns the next line, a timeout or the end of the connection.
    func next(withinMilliseconds timeout: Int) throws(Failure) -> Read {
        do throws(EventServerError) {
            return try readLine(timeoutMilliseconds: timeout)
        } catch {
            throw Failure(error.description, .io)
        }
    }
}
