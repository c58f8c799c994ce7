// DMX over networks: heights, packets, and a receiver of another make.

import Events
import Foundation
import Testing

@testable import Bridges

@Suite struct DMXTests {
    private func levels(_ map: String, _ follow: DMXLevels.Follow = .both) throws -> DMXLevels {
        DMXLevels(try DMXLevels.map(SinkOption.names(map)), follow, maximum: 200, attack: 100, release: 1_000)
    }

    @Test("A channel rises with the attack and falls with the release")
    func times() throws {
        var levels = try levels("violin@3", .on)
        levels.note(Say.on("violin", "strings"))
        #expect(levels.advance(seconds: 0.05) && levels.data[2] == 100)
        _ = levels.advance(seconds: 0.05)
        #expect(levels.data[2] == 200 && levels.data.count == 512)
        let settled = levels.advance(seconds: 1)
        #expect(!settled)
        levels.note(Say.off("violin", "strings"))
        _ = levels.advance(seconds: 0.5)
        #expect(levels.data[2] == 100)
        levels.blackOut()
        #expect(levels.data.allSatisfy { $0 == 0 })
    }

    @Test("Families show their highest instrument, shared channels the highest source, and the daemon's end darkness")
    func sources() throws {
        var levels = try levels("family.strings@1-2+piano@2", .level)
        levels.note(Event(.hello(FakeDaemon.hello)))
        levels.note(Say.levels(at: 1, violin: 0.5))
        _ = levels.advance(seconds: 10)
        #expect(levels.data.prefix(3) == [100, 100, 0])
        levels.note(Say.levels(at: 2, violin: 0))
        _ = levels.advance(seconds: 10)
        #expect(levels.data.prefix(2) == [0, 25])
        levels.note(Event(.closing(reason: "")))
        _ = levels.advance(seconds: 10)
        #expect(levels.data.allSatisfy { $0 == 0 })
    }

    @Test(
        "A wrong map is refused",
        arguments: ["violin", "violin@0", "violin@513", "violin@5-4", "@3", "a@1@2", "a@1-2-3"])
    func wrongMap(text: String) {
        #expect(throws: SinkProblem.self) { try SinkSettings("artnet:127.0.0.1,map=\(text)") }
    }

    @Test("Universes and hosts are checked")
    func addresses() throws {
        for text in ["sacn:0", "sacn:64000", "sacn:x", "sacn:-1", "artnet:", "artnet:127.0.0.1,universe=32768"] {
            #expect(throws: SinkProblem.self, "\(text)") { try SinkSettings(text) }
        }
        #expect(DMXPacket.sacnGroup(universe: 258) == "239.255.1.2")
        _ = try SinkSettings("sacn:63999")
    }

    /// Python's standard library, which reads the packets by the published layouts.
    private static let receiver = """
        import socket, struct, sys
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("127.0.0.1", int(sys.argv[1])))
        print("ready", flush=True)
        last = None
        while True:
            p = s.recv(2048)
            if p[:8] == b"Art-Net\\0":
                op, = struct.unpack("<H", p[8:10]); version, = struct.unpack(">H", p[10:12])
                universe, = struct.unpack("<H", p[14:16]); n, = struct.unpack(">H", p[16:18])
                assert op == 0x5000 and version == 14 and n == 512 == len(p) - 18 and p[12] != 0
                data, flags = p[18:], 0
            else:
                pre, post, name = struct.unpack(">HH12s", p[:16])
                root, vector = struct.unpack(">HI", p[16:22])
                frame, fv, source, priority, sync, seq, flags, universe = struct.unpack(">HI64sBHBBH", p[38:115])
                dmp, dv, kind, first, step, n = struct.unpack(">HBBHHH", p[115:125])
                assert (pre, post, name) == (16, 0, b"ASC-E1.17\\0\\0\\0") and vector == 4 and fv == 2
                assert root == 0x7000 | (len(p) - 16) and frame == 0x7000 | (len(p) - 38) and dmp == 0x7000 | (len(p) - 115)
                assert (dv, kind, first, step, n) == (2, 0xA1, 0, 1, 513) and p[125] == 0 and len(p) == 638
                assert source.rstrip(b"\\0") == b"hall" and priority == 90
                data = p[126:]
            state = (universe, tuple(data[:4]), flags)
            if state != last: print(*state, flush=True)
            last = state
        """

    @Test(
        "A receiver of another make reads what sounds and the blackout at the end",
        .enabled(if: Peer.has("python3"), "install python3"), arguments: ["artnet", "sacn"])
    func receiver(scheme: String) throws {
        let port = Peer.freePort(Int32(SOCK_DGRAM.rawValue))
        let receiver = try Peer("python3", ["-c", Self.receiver, "\(port)"])
        #expect(eventually { receiver.text.contains("ready") })
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        let shared = "map=family.strings@1+violin@2+voice@3,attack=1,release=1"
        let sink =
            scheme == "artnet"
            ? "artnet:127.0.0.1:\(port),universe=7,\(shared)"
            : "sacn:7,host=127.0.0.1:\(port),priority=90,name=hall,\(shared)"
        try bridge.apply([try SinkSettings(sink)])
        #expect(eventually { receiver.text.contains("7 (0, 0, 0, 0) 0") }, "\(receiver.text)")
        daemon.publish(Say.on("violin", "strings"), Say.levels(at: 1.5, violin: 1))
        #expect(eventually { receiver.text.contains("7 (255, 255, 0, 0) 0") }, "\(receiver.text)")
        bridge.stop()
        let last = scheme == "artnet" ? "7 (0, 0, 0, 0) 0" : "7 (0, 0, 0, 0) 64"
        #expect(eventually { receiver.lines.last == last }, "\(receiver.text)")
    }

    @Test("The last change is sent three times, and levels that change nothing do not hurry")
    func rest() throws {
        let port = Peer.freePort(Int32(SOCK_DGRAM.rawValue))
        let receiver = try UDPPeer(port: port)
        let sink = try SinkSettings("sacn:1,host=127.0.0.1:\(port),map=violin@1,follow=on,attack=1").make(.none)
        try sink.open()
        try sink.send([SinkEvent(Say.on("violin", "strings"))])
        #expect(sink.turnMilliseconds == 25)
        for _ in 0..<20 where sink.turnMilliseconds == 25 {
            usleep(26_000)
            try sink.turn()
        }
        #expect(receiver.packets().count { $0.last { $0 != 0 } == 255 } == 3)
        try sink.send([SinkEvent(Say.levels(at: 1)), SinkEvent(Say.levels(at: 2))])
        #expect(sink.turnMilliseconds == 900)
        sink.close()
    }

    @Test("Sources of other settings have other identifiers, of a version and variant that say what they are")
    func identifiers() throws {
        func identifier(_ options: String) throws -> [UInt8] {
            let settings = try SinkSettings("sacn:7,host=127.0.0.1,\(options)")
            let sink = try #require(try settings.make(.none) as? StreamingACNSink)
            return Array(sink.packet(1, [0], isLast: false)[22..<38])
        }
        let first = try identifier("priority=90")
        #expect(try first == identifier("priority=90") && first != identifier("priority=91"))
        #expect(try first != identifier("priority=90,families=strings"))
        #expect(first[6] >> 4 == 8 && first[8] >> 6 == 2)
    }

    @Test("A fade begins when the event comes, not when the lights came to rest")
    func fadeAfterRest() throws {
        let port = Peer.freePort(Int32(SOCK_DGRAM.rawValue))
        let receiver = try UDPPeer(port: port)
        let sink = try SinkSettings("artnet:127.0.0.1:\(port),map=violin@1,follow=on,attack=60000").make(.none)
        try sink.open()
        for _ in 0..<2 {
            usleep(1_000_000)
            try sink.turn()
        }
        usleep(800_000)
        let begin = Date()
        try sink.send([SinkEvent(Say.on("violin", "strings"))])
        usleep(300_000)
        try sink.turn()
        let most = 255 * (Date().timeIntervalSince(begin) / 60) + 1
        let packets = receiver.packets()
        #expect(packets.count >= 3)
        let level = try #require(packets.last?.dropFirst(18).first)
        #expect(Double(level) <= most)
        sink.close()
    }

    @Test(
        "Promise 16: when the daemon goes, the lights go dark although packets go on",
        .enabled(if: Peer.has("python3"), "install python3"))
    func blackout() throws {
        let port = Peer.freePort(Int32(SOCK_DGRAM.rawValue))
        let receiver = try Peer("python3", ["-c", Self.receiver, "\(port)"])
        #expect(eventually { receiver.text.contains("ready") })
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        try bridge.apply([try SinkSettings("artnet:127.0.0.1:\(port),map=violin@1,follow=level,attack=1,release=1")])
        // Levels that come before the sink is open are not told again, so there are many, as from a real daemon.
        var hops = 0.0
        let isBright = eventually {
            hops += 1
            daemon.publish(Say.levels(at: 1.5 + hops / 30, violin: 1))
            return receiver.lines.last == "0 (255, 0, 0, 0) 0"
        }
        #expect(isBright, "\(receiver.text)")
        daemon.end()
        #expect(eventually { receiver.lines.last == "0 (0, 0, 0, 0) 0" }, "\(receiver.text)")
    }
}
