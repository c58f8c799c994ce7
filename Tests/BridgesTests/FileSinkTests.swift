// The log, the plain listener and the programs.

import Events
import Foundation
import Testing

@testable import Bridges

@Suite struct FileSinkTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "sinks-\(UUID().uuidString.prefix(8))")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Writes a program of the shell, and returns its path.
    private func script(_ lines: String) throws -> String {
        let program = folder.appending(path: "program")
        try "#!/bin/sh\n\(lines)\n".write(to: program, atomically: true, encoding: .utf8)
        chmod(program.path, 0o755)
        return program.path
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    }

    @Test("A log holds whole lines in order, turns over, and keeps as many files as asked")
    func log() throws {
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        try bridge.apply([try SinkSettings("jsonl:\(folder.path)/log,max_bytes=20000,keep=2,types=mark")])
        #expect(eventually { text("log").contains("snapshot") })
        for number in 0..<1_000 {
            daemon.publish(Say.mark("mark \(number)"))
            if number % 50 == 49 { usleep(5_000) }
        }
        #expect(eventually { text("log").contains("\"mark 999\"") })
        bridge.stop()
        #expect(FileManager.default.fileExists(atPath: folder.path + "/log.2"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/log.3"))
        var last: Int64 = 0
        for name in ["log.2", "log.1", "log"] {
            for line in text(name).split(separator: "\n") {
                let event = try NumberedEvent(line: String(line))
                #expect(last == 0 || event.sequence == last + 1)
                last = event.sequence
            }
        }
        #expect(last >= 1_000)
    }

    @Test("A line that a crash cut off does not swallow the next one, and what is no file is refused")
    func torn() throws {
        let path = folder.appending(path: "log")
        try "{\"seq\":7,\"ty".write(to: path, atomically: true, encoding: .utf8)
        let sink = try SinkSettings("jsonl:\(path.path)").make(.none)
        try sink.open()
        try sink.send([SinkEvent(Say.mark("whole"))])
        sink.close()
        let lines = text("log").split(separator: "\n")
        #expect(lines.count == 2 && lines[1].hasPrefix("{\"seq\":1,"))
        for _ in 0..<2 {
            try sink.open()
            sink.close()
        }
        #expect(!text("log").contains("\n\n"))
        let other = try SinkSettings("jsonl:\(folder.path)").make(.none)
        #expect(throws: SinkFailure.self) { try other.open() }
        #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
        let pipe = try SinkSettings("jsonl:\(folder.path)/pipe").make(.none)
        #expect(throws: SinkFailure.self) { try pipe.open() }
        #expect(throws: SinkProblem.self) { try SinkSettings("jsonl:") }
    }

    @Test(
        "A disk that is full is told, and the log goes on when there is room",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func full() throws {
        let sink = try SinkSettings("jsonl:/dev/full").make(.none)
        #expect(throws: SinkFailure.self) { try sink.open() }
    }

    @Test("Whoever connects gets the lines, may subscribe, and a slow one holds up nobody")
    func tcp() throws {
        let port = Peer.freePort()
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        try bridge.apply([try SinkSettings("tcp:\(port)")])
        #expect(
            eventually { bridge.status["daemon"]?["connected"]?.boolean == true && bridge.statuses[0].state == .open })
        let mute = try WebPeer(port: port)
        let peer = try WebPeer(port: port)
        #expect(peer.text(until: "\n")?.contains("\"type\":\"hello\"") == true)
        #expect(peer.text(until: "\n")?.contains("\"type\":\"snapshot\"") == true)
        // The daemon's first snapshot may reach the sink after its hello; then this peer is told it, too.
        daemon.publish(Say.mark("begin"))
        while let line = peer.text(until: "\n"), !line.contains("begin") {}
        peer.send("{\"command\":\"subscribe\",\"types\":[\"mark\"]}\n{\"command\":\"sub\"}\n")
        #expect(peer.text(until: "\n")?.contains("\"ok\":true") == true)
        #expect(peer.text(until: "\n")?.contains("\"ok\":false") == true)
        #expect(peer.text(until: "\n")?.contains("\"type\":\"snapshot\"") == true)
        for chunk in 0..<20 { daemon.publish((0..<100).map { Say.mark("mark \(chunk * 100 + $0)") }) }
        for number in 0..<2_000 {
            guard let line = peer.text(until: "\n") else {
                Issue.record("the connection ended at mark \(number)")
                break
            }
            #expect(try NumberedEvent(line: line).event == Say.mark("mark \(number)"))
        }
        let flood = try WebPeer(port: port)
        flood.send([UInt8](repeating: 0x61, count: 200_000))
        _ = flood.rest()
        #expect(throws: SinkProblem.self) { try SinkSettings("tcp:0.0.0.0:7777") }
        _ = try SinkSettings("tcp:0.0.0.0:7777,open=true")
        withExtendedLifetime(mute) {}
    }

    @Test("A client that has asked and says nothing more is served; one that never asked is let go")
    func halfClosed() throws {
        let port = Peer.freePort()
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        try bridge.apply([try SinkSettings("tcp:\(port),clients=2")])
        #expect(
            eventually { bridge.status["daemon"]?["connected"]?.boolean == true && bridge.statuses[0].state == .open })
        let asked = try WebPeer(port: port)
        asked.send("{\"command\":\"subscribe\",\"types\":[\"mark\"]}\n")
        asked.endInput()
        for _ in 0..<4 {
            let silent = try WebPeer(port: port)
            silent.endInput()
            _ = silent.rest()
        }
        daemon.publish(Say.mark("last word"))
        var heard = ""
        while !heard.contains("last word"), let line = asked.text(until: "\n") { heard += line }
        #expect(["\"ok\":true", "\"type\":\"hello\"", "last word"].allSatisfy(heard.contains), "\(heard)")
    }

    @Test("A program runs for each event with its fields, and without a shell")
    func command() throws {
        let program = try script(
            "echo \"$1 $TIMBRE_TYPE $TIMBRE_STREAM $TIMBRE_INSTRUMENT $TIMBRE_FAMILY $TIMBRE_DURATION\" >> \(folder.path)/said"
        )
        let daemon = try FakeDaemon()
        let log = Lines()
        let bridge = try Bridge(socket: daemon.path) { log.add($0) }
        defer { bridge.stop() }
        try bridge.apply([try SinkSettings("command:\(program),argument=$(reboot);x,per_second=2")])
        #expect(eventually { bridge.status["daemon"]?["connected"]?.boolean == true })
        daemon.publish(Say.on("violin", "strings"))
        #expect(eventually { text("said").contains("$(reboot);x on main violin strings") })
        daemon.publish(Say.off("violin", "strings"))
        #expect(eventually { text("said").contains("off main violin strings 1.0") })
        daemon.publish(
            (0..<40).flatMap {
                [Say.on("voice", "voice", at: Double($0 + 3)), Say.off("voice", "voice", at: Double($0) + 3.5)]
            })
        #expect(eventually { log.text.contains("some are dropped") })
        #expect(throws: SinkProblem.self) { try SinkSettings("command:reboot") }
        // SIGPIPE, 13, ends a program in a pipeline that nobody reads.
        let plain = try script(
            "grep -E 'Sig(Ign|Blk)' /proc/self/status > \(folder.path)/signals.new; "
                + "mv \(folder.path)/signals.new \(folder.path)/signals")
        signal(SIGPIPE, SIG_IGN)
        let sink = try SinkSettings("command:\(plain)").make(.none)
        try sink.open()
        try sink.send([SinkEvent(Say.on("violin", "strings"))])
        #expect(eventually { !text("signals").isEmpty })
        sink.close()
        let masks = text("signals").split(whereSeparator: \.isWhitespace).compactMap { UInt64($0, radix: 16) }
        #expect(masks.count == 2 && masks.allSatisfy { $0 >> 12 & 1 == 0 }, "\(text("signals"))")
        let missing = try SinkSettings("command:/nonexistent/x").make(.none)
        #expect(throws: SinkFailure.self) { try missing.open() }
    }

    @Test("A program that outlives its sink leaves no zombie behind")
    func outlivingProgram() throws {
        let program = try script(
            "echo $$ > \(folder.path)/pid.new; mv \(folder.path)/pid.new \(folder.path)/pid; exec sleep 0.3")
        let sink = try SinkSettings("command:\(program)").make(.none)
        try sink.open()
        try sink.send([SinkEvent(Say.on("violin", "strings"))])
        #expect(eventually { !text("pid").isEmpty })
        sink.close()
        let child = try #require(pid_t(text("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(child, 0) == 0, "it ended before its sink was closed")
        #expect(eventually { kill(child, 0) == -1 && errno == ESRCH })
    }
}
