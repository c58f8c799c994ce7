// Accepting connections: bounded, and never a spin.

import Foundation
import System
import Testing

@testable import Bridges

@Suite struct AcceptorTests {
    @Test("A failed accept leaves the socket alone for a while, and what the backlog holds waits")
    func failure() {
        var acceptor = Acceptor()
        var calls = 0
        let fails = { (_: Int32) throws(SystemError) -> Int32 in
            calls += 1
            throw SystemError(code: EMFILE)
        }
        #expect(acceptor.polled(7, now: 0).fd == 7 && acceptor.wait(now: 0) == nil)
        #expect(acceptor.accept(7, now: 0, by: fails).isEmpty && calls == 1)
        #expect(acceptor.accept(7, now: Acceptor.pause - 1, by: fails).isEmpty && calls == 1)
        #expect(acceptor.polled(7, now: Acceptor.pause - 1).fd == -1 && acceptor.wait(now: 0) == 26)
        #expect(acceptor.polled(7, now: Acceptor.pause).fd == 7 && acceptor.wait(now: Acceptor.pause) == nil)
        #expect(acceptor.accept(7, now: Acceptor.pause, by: fails).isEmpty && calls == 2)
    }

    @Test("One turn accepts so many and no more; a peer that went away is passed over, an empty backlog is no failure")
    func turn() {
        var acceptor = Acceptor()
        var next: Int32 = 0
        let endless = { (_: Int32) throws(SystemError) -> Int32 in
            next += 1
            if next == 2 { throw SystemError(code: ECONNABORTED) }
            return next
        }
        #expect(acceptor.accept(7, now: 0, by: endless).count == Acceptor.perTurn - 1)
        #expect(acceptor.wait(now: 0) != nil)
        let empty = { (_: Int32) throws(SystemError) -> Int32 in throw SystemError(code: EAGAIN) }
        #expect(acceptor.accept(7, now: Acceptor.pause, by: empty).isEmpty && acceptor.wait(now: Acceptor.pause) == nil)
    }

    @Test(
        "A bridge without a free descriptor costs next to nothing, and serves again when there is one",
        arguments: ["tcp", "web"])
    func noDescriptors(scheme: String) throws {
        let daemon = try FakeDaemon()
        let port = Peer.freePort()
        let bridge = Process()
        bridge.executableURL = URL(filePath: "/bin/sh")
        bridge.arguments = [
            "-c", "ulimit -n 40; exec \"$0\" \"$@\"",
            URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/timbre",
            "bridge", "--socket", daemon.path, "\(scheme):\(port)",
        ]
        bridge.standardError = FileHandle.nullDevice
        try bridge.run()
        defer {
            kill(bridge.processIdentifier, SIGKILL)
            bridge.waitUntilExit()
        }
        let process = "/proc/\(bridge.processIdentifier)"
        #expect(eventually { (try? WebPeer(port: port)) != nil })
        var peers = try (0..<60).map { _ in try WebPeer(port: port) }
        // libwebsockets leaves some to the other sinks.
        let taken = scheme == "tcp" ? 39 : 24
        #expect(
            eventually {
                (try? FileManager.default.contentsOfDirectory(atPath: process + "/fd").count).map { $0 >= taken }
                    ?? false
            }, "it had descriptors left")
        func nanoseconds() throws -> Double {
            try FileManager.default.contentsOfDirectory(atPath: process + "/task").reduce(0) { sum, task in
                let text = try String(contentsOfFile: "\(process)/task/\(task)/schedstat", encoding: .utf8)
                return try sum + #require(text.split(separator: " ").first.flatMap { Double($0) })
            }
        }
        let spent = try nanoseconds()
        Thread.sleep(forTimeInterval: 1)
        #expect(try nanoseconds() - spent < 0.25e9)
        #expect(peers.count == 60)
        peers.removeAll()
        #expect(
            eventually {
                guard scheme == "tcp" else { return (try? WebPeer.get("/", port: port).contains("200")) == true }
                return (try? WebPeer(port: port))?.text(until: "\n")?.contains("hello") == true
            })
    }
}
