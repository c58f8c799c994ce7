// OSC: what is said, and that a real receiver understands it.

import Events
import Foundation
import Testing

@testable import Bridges

@Suite struct OSCTests {
    @Test("Each event has its words")
    func words() {
        var wording = OSCWording(prefix: "/t")
        let greeting = wording.messages(Event(.hello(FakeDaemon.hello)))
        #expect(greeting.first == OSCMessage("/t/daemon", .integer(1)))
        #expect(greeting.contains(OSCMessage("/t/desk.2/voice/on", .integer(0))))
        #expect(greeting.contains(OSCMessage("/t/main/family/strings", .integer(0))))
        #expect(
            wording.messages(Say.on("violin", "strings", confidence: 0.75)) == [
                OSCMessage("/t/main/violin/on", .integer(1)), OSCMessage("/t/main/violin/confidence", .float(0.75)),
                OSCMessage("/t/main/family/strings", .integer(1)),
            ])
        let levels = wording.messages(Say.levels(at: 2))
        #expect(levels.contains(OSCMessage("/t/main/violin/level", .float(0.5))))
        #expect(levels.contains(OSCMessage("/t/main/family/keyboard/level", .float(0.125))))
        #expect(levels.suffix(2) == [OSCMessage("/t/main/peak", .float(-3)), OSCMessage("/t/main/rms", .float(-20))])
        #expect(wording.renewal().contains(OSCMessage("/t/main/violin/on", .integer(1))))
        #expect(
            wording.messages(Say.off("violin", "strings")) == [
                OSCMessage("/t/main/violin/on", .integer(0)), OSCMessage("/t/main/family/strings", .integer(0)),
            ])
        #expect(wording.messages(Say.mark("solo")) == [OSCMessage("/t/main/mark", .string("solo"))])
        #expect(
            wording.messages(Event(.closing(reason: "gone"))) == [
                OSCMessage("/t/daemon", .integer(0), .string("gone"))
            ])
    }

    @Test("A family stays on until its last instrument is off")
    func families() {
        var wording = OSCWording(prefix: "")
        _ = wording.messages(Say.on("violin", "strings"))
        _ = wording.messages(Say.on("cello", "strings"))
        #expect(wording.messages(Say.off("violin", "strings")).last == OSCMessage("/main/family/strings", .integer(1)))
        #expect(wording.messages(Say.off("cello", "strings")).last == OSCMessage("/main/family/strings", .integer(0)))
    }

    @Test("Names become parts of addresses without what OSC gives a meaning to")
    func parts() {
        #expect(OSCMessage.part("mallet_percussion") == "mallet_percussion")
        #expect(OSCMessage.part("a b/c*[d]{e}?#,") == "a_b_c__d__e____")
        #expect(OSCMessage.part("ü\u{1}") == "__")
    }

    @Test(
        "A real receiver prints what sounds, and that it ended",
        .enabled(if: Peer.has("oscdump"), "install liblo-tools"),
        arguments: ["udp", "tcp"])
    func receiver(transport: String) throws {
        let isTCP = transport == "tcp"
        let port = Peer.freePort(Int32(isTCP ? SOCK_STREAM.rawValue : SOCK_DGRAM.rawValue))
        let dump = try Peer("oscdump", isTCP ? ["osc.tcp://:\(port)/"] : ["\(port)"])
        // A datagram to nobody is lost, so the receiver has to be there.
        #expect(isTCP || eventually { Peer.receivesDatagrams(port) })
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        try bridge.apply([try SinkSettings("osc:127.0.0.1:\(port)/stage,protocol=\(transport),refresh=0.2")])
        #expect(eventually { dump.text.contains("/stage/daemon i 1") })
        daemon.publish(Say.on("violin", "strings"), Say.levels(at: 1.1))
        #expect(eventually { dump.text.contains("/stage/main/violin/level f 0.5") })
        #expect(dump.text.contains("/stage/main/violin/on i 1"))
        #expect(dump.text.contains("/stage/main/family/strings i 1"))
        // What lasts is told again for whoever came late.
        let heard = dump.lines.count { $0.contains("violin/on i 1") }
        #expect(eventually { dump.lines.count { $0.contains("violin/on i 1") } > heard + 1 })
        bridge.stop()
        #expect(eventually { dump.lines.last { $0.contains("violin/on") }?.hasSuffix("i 0") == true })
    }

    @Test(
        "No message of a thousand events a second is lost on the loopback",
        .enabled(if: Peer.has("oscdump"), "install liblo-tools"))
    func rate() throws {
        let port = Peer.freePort(Int32(SOCK_DGRAM.rawValue))
        let dump = try Peer("oscdump", ["\(port)"])
        #expect(eventually { Peer.receivesDatagrams(port) })
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        try bridge.apply([try SinkSettings("osc:127.0.0.1:\(port),types=mark,refresh=0")])
        #expect(eventually { dump.text.contains("/timbred/daemon i 1") })
        for tenth in 0..<20 {
            daemon.publish((0..<100).map { Say.mark("mark \(tenth * 100 + $0)") })
            usleep(100_000)
        }
        #expect(eventually { dump.text.contains("\"mark 1999\"") })
        let marks = dump.lines.filter { $0.contains("/timbred/main/mark") }
        #expect(marks.count == 2_000)
        bridge.stop()
    }
}
