// The web sink with real connections, well-behaved and not.

import Events
import Foundation
import JSON
import Testing

@testable import Bridges

@Suite struct WebSinkTests {
    /// A fake daemon, a bridge and its web sink.
    private final class Site {
        let daemon: FakeDaemon
        let bridge: Bridge
        let port = Peer.freePort()

        init(_ options: String = "") throws {
            daemon = try FakeDaemon()
            bridge = try Bridge(socket: daemon.path) { _ in }
            try bridge.apply([try SinkSettings("web:\(port)\(options)")])
            #expect(eventually { (try? WebPeer.get("/api/state", port: port).contains("\"connected\":true")) == true })
            // The daemon's first snapshot may reach the sink after its hello; whoever connects between is told two.
            daemon.publish(Say.on("piano", "keyboard"))
            #expect(eventually { (try? Self.active(port)) == 1 })
            daemon.publish(Say.off("piano", "keyboard"))
            #expect(eventually { (try? Self.active(port)) == 0 })
        }

        /// How many instruments are on by the sink's own word.
        private static func active(_ port: Int) throws -> Int? {
            let answer = try WebPeer.get("/api/state", port: port)
            guard let body = answer.components(separatedBy: "\r\n\r\n").last else { return nil }
            return try JSONParser.parse(body)["snapshot"]?["active"]?.elements?.count
        }

        deinit { bridge.stop() }

        func events(_ peer: WebPeer, until kind: EventKind) throws -> [NumberedEvent] {
            var events: [NumberedEvent] = []
            while let line = peer.line() {
                events.append(try NumberedEvent(line: line))
                if events.last?.event.kind == kind { break }
            }
            return events
        }
    }

    @Test("The pages and all that belongs to them are served, with a strict policy")
    func pages() throws {
        let site = try Site()
        for (path, type) in [
            ("/", "text/html"), ("/overlay", "text/html"), ("/live.css", "text/css"), ("/live.js", "text/javascript"),
            ("/feed.js", "text/javascript"), ("/history.js", "text/javascript"), ("/overlay.js", "text/javascript"),
            ("/overlay.css", "text/css"), ("/palette.css", "text/css"), ("/icon.svg", "image/svg+xml"),
        ] {
            let answer = try WebPeer.get(path, port: site.port)
            #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains("content-type: \(type)"), "\(path)")
            #expect(answer.contains("content-security-policy: default-src 'none'"))
        }
    }

    @Test("State and counters tell what is on")
    func state() throws {
        let site = try Site()
        site.daemon.publish(Say.on("violin", "strings"), Say.levels(at: 2))
        #expect(eventually { (try? WebPeer.get("/api/state", port: site.port).contains("\"violin\":0.500")) == true })
        let answer = try WebPeer.get("/api/state", port: site.port)
        let body = try #require(answer.components(separatedBy: "\r\n\r\n").last)
        let state = try JSONParser.parse(body)
        #expect(state["snapshot"]?["active"]?.elements?.first?["instrument"]?.text == "violin")
        #expect(state["hello"]?["software"]?.text == "timbred test")
        let metrics = try WebPeer.get("/metrics", port: site.port)
        #expect(metrics.contains("\ntimbred_bridge_daemon_connected 1\n"))
        #expect(metrics.contains("\ntimbred_bridge_sink_open{sink=\"web:\(site.port)\"} 1\n"))
    }

    @Test("A WebSocket gets the daemon's lines with numbers of its own, and what it subscribes to")
    func webSocket() throws {
        let site = try Site()
        let peer = try #require(try WebPeer.webSocket(port: site.port).peer)
        #expect(try site.events(peer, until: .snapshot).map(\.event.kind) == [.hello, .snapshot])
        site.daemon.publish(Say.on("violin", "strings"), Say.mark("a"), Say.off("violin", "strings"))
        let events = try site.events(peer, until: .off)
        #expect(events.map(\.event.kind) == [.on, .mark, .off] && events.map(\.sequence) == [3, 4, 5])
        peer.sendFrame(Array(#"{"command":"subscribe","types":["on","off"],"instruments":["voice"]}"#.utf8))
        #expect(try site.events(peer, until: .snapshot).map(\.event.kind) == [.reply, .snapshot])
        site.daemon.publish(Say.on("violin", "strings"), Say.mark("b"), Say.on("voice", "voice"))
        let chosen = try site.events(peer, until: .on)
        #expect(chosen.map(\.event.kind) == [.on] && chosen.first?.event == Say.on("voice", "voice"))
        for wrong in [#"{"command":"record"}"#, #"{"command":"subscribe","types":["onn"]}"#, "[", "{}"] {
            peer.sendFrame(Array(wrong.utf8))
            guard case .reply(let reply) = try #require(try site.events(peer, until: .reply).last).event.body else {
                continue
            }
            if case .done = reply.outcome { Issue.record("\(wrong) was obeyed") }
        }
    }

    @Test("An event stream carries the same lines, with filters in its address")
    func eventStream() throws {
        let site = try Site()
        let peer = try WebPeer(port: site.port)
        peer.send("GET /api/events?types=on HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(peer.text(until: "\r\n\r\n")?.contains("content-type: text/event-stream") == true)
        #expect(peer.text(until: "\n\n")?.contains("\"type\":\"hello\"") == true)
        #expect(peer.text(until: "\n\n")?.contains("\"type\":\"snapshot\"") == true)
        site.daemon.publish(Say.mark("a"), Say.on("violin", "strings"))
        let line = try #require(peer.text(until: "\n\n"))
        #expect(
            line.hasPrefix("data: {\"seq\":3,\"type\":\"on\"") || line.contains("\r\ndata: {\"seq\":3,\"type\":\"on\""))
        let refused = try WebPeer.get("/api/events?types=onn", port: site.port)
        #expect(refused.hasPrefix("HTTP/1.1 400") && refused.contains("expected one of"))
    }

    @Test(
        "What is not there, or not allowed, is refused in words",
        arguments: [
            ("/../../etc/passwd", "404"), ("/%2e%2e/%2e%2e/etc/passwd", "404"), ("/live.css/../../x", "404"),
            ("/nothing", "404"), ("/api/state?a=%ff", "405"),
        ])
    func refusals(path: String, status: String) throws {
        let site = try Site()
        let answer = try WebPeer.get(path, port: site.port)
        #expect(answer.hasPrefix("HTTP/1.1 \(status)") || answer.isEmpty, "\(answer)")
        #expect(!answer.contains("root:"))
        #expect(try WebPeer.get("/api/state", port: site.port).hasPrefix("HTTP/1.1 200"))
    }

    @Test("Strangers' names and pages get nothing, not even a WebSocket")
    func strangers() throws {
        let site = try Site()
        #expect(try WebPeer.get("/", port: site.port, host: "evil.example").hasPrefix("HTTP/1.1 421"))
        #expect(
            try WebPeer.get("/api/state", port: site.port, headers: "Origin: http://evil.example\r\n").hasPrefix(
                "HTTP/1.1 403"))
        #expect(try WebPeer.webSocket(port: site.port, headers: "Origin: http://evil.example\r\n").peer == nil)
        #expect(try WebPeer.webSocket(port: site.port, host: "evil.example").peer == nil)
        #expect(try WebPeer.webSocket(port: site.port, path: "/other").peer == nil)
        #expect(
            try WebPeer.webSocket(port: site.port, headers: "Origin: http://127.0.0.1:\(site.port)\r\n").peer != nil)
        #expect(try WebPeer.get("/api/state", port: site.port, method: "POST").hasPrefix("HTTP/1.1 40"))
    }

    @Test("With a token, data are told only to those who show it")
    func token() throws {
        let file = NSTemporaryDirectory() + "token-\(UUID().uuidString)"
        try "0123456789abcdef\n".write(toFile: file, atomically: true, encoding: .utf8)
        chmod(file, 0o600)
        defer { unlink(file) }
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        let port = Peer.freePort()
        try bridge.apply([try SinkSettings("web:0.0.0.0:\(port),token_file=\(file)")])
        #expect(eventually { (try? WebPeer.get("/", port: port).hasPrefix("HTTP/1.1 200")) == true })
        #expect(try WebPeer.get("/api/state", port: port).hasPrefix("HTTP/1.1 401"))
        #expect(try WebPeer.webSocket(port: port).peer == nil)
        #expect(try WebPeer.get("/api/state?token=0123456789abcdef", port: port).hasPrefix("HTTP/1.1 200"))
        #expect(try WebPeer.webSocket(port: port, path: "/ws?token=0123456789abcdef").peer != nil)
        chmod(file, 0o644)
        #expect(throws: SinkFailure.self) { try WebSink.token(file: file) }
    }

    @Test("Hostile clients are closed, and the others lose nothing")
    func hostile() throws {
        let site = try Site()
        let good = try #require(try WebPeer.webSocket(port: site.port).peer)
        _ = try site.events(good, until: .snapshot)
        let slow = try WebPeer(port: site.port)
        slow.send("GET / HTTP/1.1\r\nHost: loc")
        let tooLong = try #require(try WebPeer.webSocket(port: site.port).peer)
        tooLong.sendFrame([UInt8](repeating: 0x20, count: 70_000))
        let badText = try #require(try WebPeer.webSocket(port: site.port).peer)
        badText.sendFrame([0x7B, 0xFF, 0xFE])
        let noise = try WebPeer(port: site.port)
        noise.send((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ 31) })
        let header = try WebPeer(port: site.port)
        header.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "a", count: 65_536) + "\r\n\r\n")
        let mute = try #require(try WebPeer.webSocket(port: site.port).peer)
        for peer in [tooLong, badText] {
            while let frame = peer.frame(), frame.kind != 8 {}
            #expect(peer.frame() == nil)
        }
        _ = noise.rest()
        _ = header.rest()
        let marks = (0..<2_000).map { Say.mark("mark \($0)") }
        for chunk in 0..<20 { site.daemon.publish(Array(marks[chunk * 100..<(chunk + 1) * 100])) }
        var count = 0
        while count < marks.count, let line = good.line() {
            let event = try NumberedEvent(line: line)
            #expect(event.event == marks[count] && event.sequence == Int64(count) + 3)
            count += 1
        }
        #expect(count == marks.count)
        withExtendedLifetime((slow, mute)) {}
    }

    @Test("Two hundred clients get every event")
    func many() throws {
        let site = try Site()
        let peers = try (0..<200).map { _ in try #require(try WebPeer.webSocket(port: site.port).peer) }
        for peer in peers { _ = try site.events(peer, until: .snapshot) }
        for chunk in 0..<10 { site.daemon.publish((0..<10).map { Say.mark("\(chunk * 10 + $0)") }) }
        for peer in peers {
            for number in 0..<100 {
                #expect(try NumberedEvent(line: try #require(peer.line())).event == Say.mark("\(number)"))
            }
        }
        let refused = try Site(",clients=1")
        let first = try WebPeer.webSocket(port: refused.port).peer
        #expect(try WebPeer.webSocket(port: refused.port).peer == nil)
        withExtendedLifetime(first) {}
    }

    @Test("Who reads too slowly is told what was missed, and how things are now")
    func lagging() {
        let feed = EventFeed()
        feed.append([SinkEvent(Event(.hello(FakeDaemon.hello)))])
        let client = FeedClient()
        #expect(client.lines(feed).count == 2)
        feed.append([SinkEvent(Say.on("violin", "strings"))])
        feed.append((0..<6_000).map { SinkEvent(Say.mark("\($0)")) })
        let lines = client.lines(feed, limit: 10).map { String(decoding: $0, as: UTF8.self) }
        #expect(
            lines.first?.contains("\"type\":\"lagged\",\"skipped\":1905,\"from\":3,\"to\":1907") == true, "\(lines)")
        #expect(lines.last?.contains("\"type\":\"snapshot\"") == true && lines.last?.contains("violin") == true)
        #expect(client.isUpToDate(feed))
    }

    @Test("Levels go on at once when another daemon takes the place of one that ran for long")
    func successor() {
        let feed = EventFeed()
        let hello = SinkEvent(Event(.hello(FakeDaemon.hello)))
        feed.append([hello])
        let client = FeedClient()
        _ = client.lines(feed)
        func hears(_ seconds: Double) -> Bool {
            feed.append([SinkEvent(Say.levels(at: seconds))])
            return client.lines(feed).contains { String(decoding: $0, as: UTF8.self).contains("\"activity\"") }
        }
        #expect(hears(1_000) && !hears(0.1))
        feed.append([SinkEvent(Event(.closing(reason: "restart"))), hello])
        #expect(hears(0.1))
        // A client that missed that is no worse off.
        #expect(hears(2_000))
        feed.append([SinkEvent(Event(.hello(FakeDaemon.hello(streams: ["hall"]))))])
        feed.append((0..<6_000).map { SinkEvent(Say.mark("\($0)")) })
        var lines: [String] = []
        while !client.isUpToDate(feed) { lines += client.lines(feed).map { String(decoding: $0, as: UTF8.self) } }
        #expect(lines[0].contains("\"lagged\"") && lines[1].contains("\"streams\":[\"hall\"]"), "\(lines.prefix(2))")
        #expect(lines.count { $0.contains("\"hello\"") } == 1)
        #expect(hears(0.2))
    }

    @Test("What another daemon does not have is forgotten")
    func forgotten() {
        let feed = EventFeed()
        feed.append([
            SinkEvent(Event(.hello(FakeDaemon.hello))), SinkEvent(Say.on("violin", "strings", stream: "desk.2")),
            SinkEvent(Event(.closing(reason: "restart"))),
            SinkEvent(Event(.hello(FakeDaemon.hello(streams: ["hall"])))),
        ])
        let text = String(decoding: feed.json(), as: UTF8.self)
        #expect(text.contains("\"hall\"") && !text.contains("desk.2"), "\(text)")
    }

    @Test("Before the daemon is known, names are taken as they are")
    func early() {
        let feed = EventFeed()
        let client = FeedClient()
        #expect(client.subscribe(Array("{\"command\":\"subscribe\",\"instruments\":[\"violin\"]}".utf8), feed) == nil)
        #expect(client.subscribe(Array("{\"command\":\"subscribe\",\"types\":[\"onn\"]}".utf8), feed) != nil)
        _ = client.lines(feed)
        feed.append([
            SinkEvent(Event(.hello(FakeDaemon.hello))), SinkEvent(Say.on("voice", "voice")),
            SinkEvent(Say.on("violin", "strings")),
        ])
        let lines = client.lines(feed).map { String(decoding: $0, as: UTF8.self) }
        #expect(lines.contains { $0.contains("\"on\"") && $0.contains("violin") }, "\(lines)")
        #expect(!lines.contains { $0.contains("\"type\":\"on\"") && $0.contains("voice") })
    }

    @Test("A port that another has is said, and taken as soon as it is free")
    func portInUse() throws {
        let site = try Site()
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        try bridge.apply([try SinkSettings("web:\(site.port)")])
        #expect(eventually { bridge.statuses.first?.message.contains("Address already in use") == true })
        site.bridge.stop()
        #expect(eventually { bridge.statuses.first?.state == .open })
    }
}
