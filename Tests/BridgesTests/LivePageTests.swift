// The live page and the overlay in a real browser.

import Events
import Foundation
import Testing

@testable import Bridges

@Suite(.enabled(if: Chromium.isInstalled, "\(Chromium.reason)"), .serialized)
struct LivePageTests {
    /// A fake daemon and a bridge with its web sink.
    private final class Site {
        let daemon: FakeDaemon
        let bridge: Bridge
        let port = Peer.freePort()

        init(hello: Hello = FakeDaemon.hello) throws {
            daemon = try FakeDaemon(hello: hello)
            bridge = try Bridge(socket: daemon.path) { _ in }
            try bridge.apply([try SinkSettings("web:\(port)")])
            #expect(eventually { (try? WebPeer.get("/api/state", port: port).contains("\"connected\":true")) == true })
        }

        deinit { bridge.stop() }

        func address(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }
    }

    private static let words = "[...document.querySelectorAll('#words li')].map((item) => item.firstChild.data).join()"
    private static let rows =
        "[...document.querySelectorAll('#rows li.on')].map((row) => row.firstChild.textContent).join()"
    private static let chips = "[...document.querySelectorAll('#chips li')].map((chip) => chip.firstChild.data).join()"
    /// Whether something is drawn on a canvas.
    private static let isDrawn =
        "((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte > 0))"

    @Test(
        "What sounds lights its row and its name, in both themes, and goes out again",
        arguments: [("dark", "rgb(11, 13, 19)"), ("light", "rgb(246, 244, 238)")])
    func rows(theme: String, ground: String) throws {
        let site = try Site()
        let browser = try Chromium(width: 1280, height: 800)
        try browser.visit(site.address("/?stream=main&theme=\(theme)"))
        #expect(browser.becomes("document.querySelectorAll('#rows li').length === 3"))
        #expect(try browser.value("getComputedStyle(document.body).backgroundColor") as? String == ground)
        #expect(try browser.value(Self.words) as? String == "")
        site.daemon.publish(
            Say.on("violin", "strings"), Say.on("voice", "voice", stream: "desk.2"), Say.levels(at: 1.1))
        #expect(browser.becomes("\(Self.words) === 'Violin' && \(Self.rows) === 'Violin'"))
        // A row that is on stands out: its ground is the family's colour, its text the page's ground.
        #expect(
            try browser.value("getComputedStyle(document.querySelector('#rows li.on')).color") as? String == ground)
        #expect(browser.becomes("document.querySelector('#spoken').textContent === 'Violin'"))
        for frame in 1...5 { site.daemon.publish(Say.levels(at: 1.1 + Double(frame) / 10)) }
        #expect(browser.becomes("\(Self.isDrawn)(document.querySelector('#canvas'))"))
        site.daemon.publish(Say.off("violin", "strings"))
        #expect(browser.becomes("\(Self.words) === '' && \(Self.rows) === ''"))
        #expect(browser.becomes("document.querySelector('#quiet').textContent === 'No audio: waiting'"))
        site.daemon.publish(Say.on("piano", "keyboard", at: 3))
        #expect(browser.becomes("\(Self.words) === 'Piano'"))
        site.daemon.end()
        #expect(browser.becomes("\(Self.words) === '' && document.body.classList.contains('away')"))
    }

    @Test("On a phone nothing stands out of the screen")
    func phone() throws {
        let site = try Site()
        let browser = try Chromium(width: 390, height: 844)
        try browser.visit(site.address("/?stream=main"))
        #expect(browser.becomes("document.querySelectorAll('#rows li').length === 3"))
        site.daemon.publish(
            Say.on("violin", "strings"), Say.on("piano", "keyboard"), Say.on("voice", "voice"), Say.levels(at: 1.1))
        #expect(browser.becomes("document.querySelectorAll('#words li').length === 3"))
        // While they come in they are somewhat smaller and lower.
        #expect(browser.becomes("document.getAnimations().every((animation) => animation.playState === 'finished')"))
        let outside = """
            [...document.querySelectorAll('#words li, #rows li, #screen, header > *, .buttons button')]
              .filter((part) => part.offsetParent && (part.getBoundingClientRect().right > innerWidth + 0.5 || part.getBoundingClientRect().left < -0.5))
              .map((part) => part.id || part.textContent).join()
            """
        #expect(try browser.value(outside) as? String == "")
        #expect(try browser.value("document.documentElement.scrollWidth <= innerWidth") as? Bool == true)
        #expect(try browser.value("document.documentElement.scrollHeight <= innerHeight") as? Bool == true)
    }

    @Test("The overlay is clear but for what sounds", arguments: [false, true])
    func overlay(isCalm: Bool) throws {
        let site = try Site()
        let browser = try Chromium(width: 960, height: 540)
        try browser.call(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-reduced-motion", "value": isCalm ? "reduce" : "no-preference"]]])
        let address = site.address("/overlay?stream=main&hold=0")
        try browser.visit(address)
        #expect(browser.becomes("document.querySelector('#chips') !== null"))
        let silent = try browser.pixels(of: try browser.picture())
        #expect(silent.all == 960 * 540 && silent.clear == silent.all)
        try browser.visit(address)
        site.daemon.publish(Say.on("violin", "strings"))
        #expect(browser.becomes("\(Self.chips) === 'Violin'"))
        #expect(browser.becomes("document.getAnimations().every((animation) => animation.playState === 'finished')"))
        // A chip holds its name, whole.
        #expect(
            try browser.value(
                "((chip) => chip.scrollWidth <= chip.clientWidth && chip.clientWidth > 60)(document.querySelector('#chips li'))"
            ) as? Bool == true)
        let sounding = try browser.pixels(of: try browser.picture())
        #expect(sounding.opaque > 1_000 && sounding.clear > sounding.all * 9 / 10, "\(sounding)")
        try browser.visit(address)
        #expect(browser.becomes("\(Self.chips) === 'Violin'"))
        site.daemon.publish(Say.off("violin", "strings"))
        #expect(browser.becomes("\(Self.chips) === ''"))
    }

    @Test("Sixteen streams at thirty level frames a second each have their card, and the page goes on")
    func sixteen() throws {
        let names = (1...16).map { "desk.\($0)" }
        let site = try Site(hello: FakeDaemon.hello(streams: names))
        let browser = try Chromium(width: 1280, height: 800)
        try browser.visit(site.address("/"))
        #expect(browser.becomes("document.querySelectorAll('#all .card').length === 16"))
        site.daemon.publish(names.map { Say.on("violin", "strings", stream: $0) })
        for frame in 0..<60 {
            site.daemon.publish(names.map { Say.levels(at: 1 + Double(frame) / 30, stream: $0) })
            usleep(33_000)
        }
        #expect(
            browser.becomes(
                "[...document.querySelectorAll('.card .what')].every((what) => what.textContent === 'Violin')"))
        #expect(browser.becomes("[...document.querySelectorAll('.card canvas')].every(\(Self.isDrawn))"))
        let before = try #require(try browser.value("window.pictures") as? Int)
        #expect(browser.becomes("window.pictures > \(before)"))
        site.daemon.publish(names.map { Say.off("violin", "strings", at: 4, stream: $0) })
        #expect(
            browser.becomes("[...document.querySelectorAll('.card .what')].every((what) => what.textContent === '–')"))
    }
}
