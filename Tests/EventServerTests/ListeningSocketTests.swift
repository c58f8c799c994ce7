// How the socket comes to be, and what it refuses to take away.

import Foundation
import Testing

@testable import EventServer

@Suite("The listening socket") struct ListeningSocketTests {
    private let directory: String
    private var path: String { directory + "/run/timbred.sock" }

    init() throws {
        directory = NSTemporaryDirectory() + "timbred-socket-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    private func mode(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    /// What `ListeningSocket(path:)` throws, or `nil`.
    private func refusal(_ path: String, group: String? = nil) -> EventServerError? {
        do {
            _ = try ListeningSocket(path: path, group: group)
            return nil
        } catch {
            return error
        }
    }

    @Test("is 0660 in a directory of 0750, and goes with its owner")
    func modes() throws {
        do {
            let socket = try ListeningSocket(path: path)
            #expect(mode(path) == 0o660)
            #expect(mode(directory + "/run") == 0o750)
            #expect(socket.path == path)
        }
        #expect(mode(path) == nil)
        #expect(mode(path + ".lock") == 0o600)
    }

    @Test("takes the place of a stale one that a killed daemon left")
    func stale() throws {
        #expect(mkdir(directory + "/run", 0o750) == 0)
        let address = try SocketAddress(path: path)
        let dead = try SocketAddress.makeSocket(path: path)
        #expect(address.withPointer { bind(dead, $0, $1) } == 0)
        close(dead)
        #expect(mode(path) != nil)
        #expect(refusal(path) == nil)
    }

    @Test(
        "in a directory that everybody may write to, a lock that somebody else made first is refused by its owner's name",
        .enabled(if: geteuid() == 0, "only root may give a file away"))
    func foreignLock() throws {
        let folder = directory + "/open"
        #expect(mkdir(folder, 0o700) == 0)
        let path = folder + "/timbred.sock"
        try Data().write(to: URL(fileURLWithPath: path + ".lock"))
        #expect(chown(path + ".lock", 12_345, 12_345) == 0)
        // In a directory of the daemon's own it is a remnant of a daemon that ran as another user.
        #expect(refusal(path) == nil)
        #expect(chmod(folder, 0o1777) == 0)
        #expect(refusal(path) == .foreignLock(path: path + ".lock", user: 12_345))
        #expect(mode(path) == nil)
    }

    @Test("is refused while another daemon holds the lock")
    func locked() throws {
        let first = try ListeningSocket(path: path)
        #expect(refusal(path) == .inUse(path: path))
        #expect(mode(path) == 0o660, "the socket of the living daemon must stay")
        _ = consume first
    }

    @Test("is refused while somebody answers there, lock or not")
    func answered() throws {
        let first = try ListeningSocket(path: path)
        try FileManager.default.removeItem(atPath: path + ".lock")
        #expect(refusal(path) == .inUse(path: path))
        #expect(mode(path) == 0o660)
        _ = consume first
    }

    @Test("never removes what is no socket")
    func notASocket() throws {
        #expect(mkdir(directory + "/run", 0o750) == 0)
        try "precious".write(toFile: path, atomically: false, encoding: .utf8)
        #expect(refusal(path) == .notASocket(path: path))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test("is refused with a sentence when the path or the group cannot be")
    func impossible() {
        let long = "/" + String(repeating: "x", count: 107)
        #expect(refusal(long) == .pathTooLong(path: long))
        #expect(refusal(path, group: "no-such-group") == .unknownGroup(name: "no-such-group"))
        #expect(
            refusal("/proc/nowhere/timbred.sock")?.description
                == "/proc/nowhere: mkdir failed: No such file or directory: name another socket with --socket, "
                + "or under [socket] in the configuration")
    }

    @Test("handed over by systemd is served, and its path is left to systemd")
    func inherited() throws {
        let address = try SocketAddress(path: directory + "/unit.sock")
        let descriptor = try SocketAddress.makeSocket(path: "unit")
        #expect(address.withPointer { bind(descriptor, $0, $1) } == 0)
        #expect(listen(descriptor, 8) == 0)
        let own = String(getpid())
        do {
            let socket = try ListeningSocket.inherited(process: own, count: "1", first: descriptor)
            let server = try EventServer(listening: socket, hello: { ServerFixture.hello }, handler: nil)
            let client = try EventClient(path: directory + "/unit.sock")
            _ = server.turn(timeoutMilliseconds: 0)
            guard case .line(let line) = try client.readLine(timeoutMilliseconds: 0) else {
                Issue.record("no hello came")
                return
            }
            #expect(line.hasPrefix("{\"seq\":1,\"type\":\"hello\""))
        }
        #expect(mode(directory + "/unit.sock") != nil)
        #expect(try !isTaken("1", "1", descriptor), "variables meant for another process")
        #expect(try !isTaken(nil, nil, descriptor))
        let silent = try SocketAddress.makeSocket(path: "not listening")
        #expect(throws: EventServerError.self) { try isTaken(own, "1", silent) }
        #expect(throws: EventServerError.self) { try isTaken(own, "2", silent) }
        close(silent)
    }

    private func isTaken(_ process: String?, _ count: String?, _ first: Int32) throws -> Bool {
        let socket = try ListeningSocket.inherited(process: process, count: count, first: first)
        return socket != nil
    }
}
