// The bridge's connection to the daemon.

import Events
import Foundation
import Synchronization
import Testing

@testable import Bridges

@Suite struct DaemonLinkTests {
    @Test("A stream that the daemon did not know at first is announced as soon as it says something")
    func laterStream() throws {
        let port = Peer.freePort()
        let daemon = try FakeDaemon(hello: FakeDaemon.hello(streams: ["main.1"]))
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        try bridge.apply([try SinkSettings("tcp:\(port)")])
        #expect(
            eventually { bridge.status["daemon"]?["connected"]?.boolean == true && bridge.statuses[0].state == .open })
        let peer = try WebPeer(port: port)
        let first = try #require(peer.text(until: "\n"))
        #expect(first.contains("\"streams\":[\"main.1\"]"), "\(first)")
        daemon.publish(
            Say.on("voice", "voice", at: 1, stream: "main.1"), Say.on("violin", "strings", at: 2, stream: "main.2"))
        var kinds: [EventKind] = []
        var greeting: Hello?
        while let line = peer.text(until: "\n") {
            let event = try NumberedEvent(line: line).event
            kinds.append(event.kind)
            if case .hello(let hello) = event.body { greeting = hello }
            if event.kind == .on, event.position?.stream == "main.2" { break }
        }
        #expect(greeting?.streams == ["main.1", "main.2"])
        // A client may choose the stream now.
        #expect(Array(kinds.suffix(3)) == [.hello, .health, .on], "\(kinds)")
        peer.send("{\"command\":\"subscribe\",\"streams\":[\"main.2\"]}\n")
        var answer = peer.text(until: "\n")
        while let line = answer, !line.contains("\"reply\"") { answer = peer.text(until: "\n") }
        #expect(answer?.contains("\"ok\":true") == true, "\(answer ?? "")")
    }

    @Test("Names that the daemon does not know are told once, in the log and in the status")
    func unknownNames() throws {
        let daemon = try FakeDaemon()
        let log = Lines()
        let bridge = try Bridge(socket: daemon.path) { log.add($0) }
        defer { bridge.stop() }
        let port = Peer.freePort(Int32(SOCK_DGRAM.rawValue))
        try bridge.apply([
            try SinkSettings("tcp:\(Peer.freePort()),instruments=violin+fiddle,families=stringz,streams=nope"),
            try SinkSettings("artnet:127.0.0.1:\(port),map=fiddle@1+family.strings@2"),
            try SinkSettings("artnet:127.0.0.1:\(port),universe=1"),
        ])
        #expect(eventually { log.text.contains("map has \"fiddle\", and the daemon has piano, violin, voice") })
        #expect(
            eventually { log.text.contains("families has \"stringz\", and the daemon has keyboard, strings, voice") })
        #expect(log.text.contains("streams has \"nope\", and the daemon has desk.2, main"))
        #expect(log.text.components(separatedBy: "instruments has \"fiddle\"").count == 2)
        #expect(!log.text.contains("\"violin\"") && !log.text.contains("universe=1: map"))
        #expect(bridge.statuses[0].message.contains("fiddle") && bridge.statuses[2].message.isEmpty)
    }

    @Test("A daemon that refuses the bridge is asked ever more rarely, and its reason is said once")
    func refused() throws {
        let path = NSTemporaryDirectory() + "refusal-\(UUID().uuidString.prefix(8)).sock"
        let accepted = Atomic<Int>(0)
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(listener, 8) == 0)
        defer {
            close(listener)
            unlink(path)
        }
        let log = Lines()
        let bridge = try Bridge(socket: path) { log.add($0) }
        try bridge.apply([try SinkSettings("tcp:\(Peer.freePort())")])
        let end = Date() + 2
        while Date() < end {
            var polled = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, 100) > 0 else { continue }
            let client = accept(listener, nil, nil)
            let line = "{\"seq\":1,\"type\":\"closing\",\"reason\":\"the limit of 1 clients is reached\"}\n"
            _ = Glibc.send(client, line, line.utf8.count, Int32(MSG_NOSIGNAL))
            close(client)
            accepted.add(1, ordering: .relaxed)
        }
        bridge.stop()
        #expect((1...9).contains(accepted.load(ordering: .relaxed)))
        #expect(log.text.components(separatedBy: "the limit of 1 clients").count == 2, "\(log.text)")
        #expect(!log.text.contains("connected to"))
    }
}
