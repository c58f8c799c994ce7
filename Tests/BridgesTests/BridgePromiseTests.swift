// Promise 16: a bridge that fails, and a peer that vanishes, never touches the daemon; what was lit when a peer or the daemon
// went is put out or told anew.

import EventServer
import Events
import Foundation
import JSON
import Synchronization
import Testing

@testable import Bridges

@Suite struct BridgePromiseTests {
    @Test(
        "Promise 16: what was lit when the daemon went is put out, and told anew when it is back",
        .enabled(if: Peer.has("oscdump"), "install liblo-tools"))
    func daemonGoes() throws {
        let port = Peer.freePort(Int32(SOCK_DGRAM.rawValue))
        let dump = try Peer("oscdump", ["\(port)"])
        #expect(eventually { Peer.receivesDatagrams(port) })
        let path: String
        let bridge: Bridge
        do {
            let daemon = try FakeDaemon()
            path = daemon.path
            bridge = try Bridge(socket: path) { _ in }
            try bridge.apply([try SinkSettings("osc:127.0.0.1:\(port),refresh=0")])
            #expect(eventually { dump.text.contains("/timbred/daemon i 1") })
            #expect(eventually { dump.text.contains("/timbred/main/violin/on i 0") })
            daemon.publish(Say.on("violin", "strings"))
            #expect(eventually { dump.text.contains("/timbred/main/violin/on i 1") })
            daemon.end()
        }
        #expect(eventually { dump.lines.last { $0.contains("/timbred/daemon") }?.contains("is 0") == true })
        #expect(dump.lines.last { $0.contains("violin/on") }?.hasSuffix("i 0") == true)
        #expect(dump.lines.last { $0.contains("family/strings") }?.hasSuffix("i 0") == true)
        #expect(dump.lines.last { $0.contains("main/health") }?.hasSuffix("\"lost\"") == true)
        let daemon = try FakeDaemon(path: path)
        #expect(eventually { dump.lines.last { $0.contains("/timbred/daemon") }?.hasSuffix("i 1") == true })
        daemon.publish(Say.on("voice", "voice"))
        #expect(eventually { dump.text.contains("/timbred/main/voice/on i 1") })
        #expect(bridge.stop())
    }

    @Test("Promise 16: a daemon that hangs counts as gone")
    func daemonHangs() throws {
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path, timeout: 1_000) { _ in }
        let port = Peer.freePort()
        try bridge.apply([try SinkSettings("web:\(port)")])
        defer { bridge.stop() }
        daemon.publish(Say.on("violin", "strings"))
        #expect(eventually { (try? WebPeer.get("/api/state", port: port).contains("\"violin\"")) == true })
        let peer = try #require(try WebPeer.webSocket(port: port).peer)
        daemon.freeze()
        var kinds: [EventKind] = []
        while let line = peer.line() {
            kinds.append(try NumberedEvent(line: line).event.kind)
            if kinds.last == .closing { break }
        }
        #expect(kinds.contains(.off) && kinds.last == .closing)
    }

    @Test(
        "Promise 16: a peer that vanishes is tried again and told anew, and neither the daemon nor other sinks notice",
        .enabled(if: Peer.has("oscdump"), "install liblo-tools"))
    func peerGoes() throws {
        let port = Peer.freePort()
        let web = Peer.freePort()
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        try bridge.apply([
            try SinkSettings("osc:127.0.0.1:\(port),protocol=tcp,refresh=0.1"), try SinkSettings("web:\(web)"),
        ])
        #expect(eventually { bridge.statuses.first?.failures ?? 0 > 0 })
        #expect(eventually { (try? WebPeer.get("/api/state", port: web).contains("\"connected\":true")) == true })
        let peer = try #require(try WebPeer.webSocket(port: web).peer)
        let first = try Peer("oscdump", ["osc.tcp://:\(port)/"])
        daemon.publish(Say.on("violin", "strings"))
        #expect(eventually { first.text.contains("/timbred/main/violin/on i 1") })
        first.end()
        #expect(eventually { bridge.statuses.first?.state == .waiting })
        daemon.publish(Say.off("violin", "strings"), Say.on("voice", "voice", at: 3))
        let second = try Peer("oscdump", ["osc.tcp://:\(port)/"])
        #expect(eventually { second.text.contains("/timbred/main/voice/on i 1") })
        #expect(second.lines.last { $0.contains("violin/on") }?.hasSuffix("i 0") == true)
        var kinds: [EventKind] = []
        while let line = peer.line(), kinds.last != .off || kinds.isEmpty {
            kinds.append(try NumberedEvent(line: line).event.kind)
        }
        #expect(kinds.filter { $0 == .on || $0 == .off } == [.on, .off])
    }

    @Test("What is taken out of force is put out; what stays goes on undisturbed")
    func reload() throws {
        let ports = [Peer.freePort(), Peer.freePort(), Peer.freePort()]
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        try bridge.apply([try SinkSettings("web:\(ports[0])"), try SinkSettings("web:\(ports[1])")])
        for port in ports.prefix(2) {
            #expect(eventually { (try? WebPeer.get("/api/state", port: port).contains("\"connected\":true")) == true })
        }
        daemon.publish(Say.on("violin", "strings"))
        // The daemon has said it; here both sinks know it.
        for port in ports.prefix(2) {
            #expect(eventually { (try? WebPeer.get("/api/state", port: port).contains("\"violin\"")) == true })
        }
        let kept = try #require(try WebPeer.webSocket(port: ports[0]).peer)
        let removed = try #require(try WebPeer.webSocket(port: ports[1]).peer)
        // Only who was shown the violin is told that it ends.
        var isShown = false
        while !isShown, let line = removed.line() { isShown = line.contains("violin") }
        #expect(isShown)
        try bridge.apply([try SinkSettings("web:\(ports[0])"), try SinkSettings("web:\(ports[2])")])
        var last: Event?
        while let line = removed.line() {
            last = try NumberedEvent(line: line).event.kind == .off ? try NumberedEvent(line: line).event : last
        }
        #expect(last?.kind == .off)
        #expect(eventually { (try? WebPeer.get("/api/state", port: ports[2]).contains("violin")) == true })
        daemon.publish(Say.mark("still here"))
        var isHere = false
        while !isHere, let line = kept.line() { isHere = line.contains("still here") }
        #expect(isHere)
        #expect(eventually { (try? WebPeer(port: ports[1])) == nil })
    }

    @Test("The status socket tells how daemon and sinks are")
    func status() throws {
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        try bridge.apply([try SinkSettings("osc:127.0.0.1:\(Peer.freePort())")])
        #expect(eventually { bridge.status["daemon"]?["connected"]?.boolean == true })
        let path = NSTemporaryDirectory() + "status-\(UUID().uuidString.prefix(8))/status.sock"
        let socket = try StatusSocket(path: path) { bridge.status }
        defer { socket.stop() }
        guard case .line(let line) = try EventClient(path: path).readLine(timeoutMilliseconds: 5_000) else {
            Issue.record("no status came")
            return
        }
        let status = try JSONParser.parse(line)
        #expect(status["sinks"]?.elements?.first?["state"]?.text == "open")
    }
}
