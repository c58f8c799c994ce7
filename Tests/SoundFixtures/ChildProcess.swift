// A program started by a test.

import Foundation

/// A child process without input or output. It is killed when nobody holds it any more.
public final class ChildProcess {
    enum Failure: Error {
        case spawn(String, Int32)
    }

    private var identifier: pid_t = 0

    /// Starts a program of /usr/bin with arguments and additions to the environment.
    public init(_ program: String, _ arguments: [String], environment additions: [String: String] = [:]) throws {
        let path = "/usr/bin/\(program)"
        let arguments = ([path] + arguments).map { strdup($0) } + [nil]
        let inherited = Self.inheritedEnvironment.filter { entry in
            !additions.keys.contains { entry.hasPrefix("\($0)=") }
        }
        let environment = (inherited + additions.map { "\($0)=\($1)" }).map { strdup($0) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let error = posix_spawn(&identifier, path, &actions, nil, arguments, environment)
        guard error == 0 else { throw Failure.spawn(program, error) }
    }

    deinit {
        kill()
    }

    /// Sends a signal.
    public func signal(_ number: Int32) {
        if identifier > 0 { Glibc.kill(identifier, number) }
    }

    /// Ends it at once.
    public func kill() {
        signal(SIGCONT)
        signal(SIGKILL)
        wait()
    }

    /// Waits for its end; its exit status, -1 when it was killed.
    @discardableResult
    public func wait() -> Int32 {
        guard identifier > 0 else { return -1 }
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
        identifier = 0
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
    }

    private static let inheritedEnvironment = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
}
