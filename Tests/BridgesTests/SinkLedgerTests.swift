// What a sink is told, whatever the daemon says.

import AudioCore
import Events
import Testing

@testable import Bridges

@Suite struct SinkLedgerTests {
    private static func hello() -> SinkEvent { SinkEvent(Event(.hello(FakeDaemon.hello))) }

    private static func snapshot(_ active: [(String, String)], _ state: SourceState = .running) -> SinkEvent {
        SinkEvent(
            Event(
                .snapshot(
                    .init(
                        active: active.map {
                            .init(stream: "main", instrument: $0.0, family: $0.1, since: 3, confidence: 0.9)
                        }, health: [.init(stream: "main", state: state)]))))
    }

    private func words(_ events: [SinkEvent]) -> [String] {
        events.map { item in
            switch item.event.body {
            case .on(let on): "on \(on.instrument)"
            case .off(let off): "off \(off.instrument)"
            case .health(let health): "health \(health.state.description)"
            default: item.event.kind.rawValue
            }
        }
    }

    @Test("A snapshot becomes the events that lead to it")
    func snapshots() {
        var ledger = SinkLedger(SinkFilter())
        #expect(words(ledger.take(Self.hello())) == ["hello"])
        let first = ledger.take(Self.snapshot([("violin", "strings"), ("piano", "keyboard")]))
        #expect(words(first) == ["health running", "on violin", "on piano", "snapshot"])
        #expect(first[1].event.position?.time.seconds == 3 && first[1].event.position?.time.frame == 132_300)
        let second = ledger.take(Self.snapshot([("piano", "keyboard"), ("voice", "voice")]))
        #expect(words(second) == ["off violin", "on voice", "snapshot"])
        #expect(words(ledger.take(Self.snapshot([("piano", "keyboard"), ("voice", "voice")]))) == ["snapshot"])
    }

    @Test("When the daemon goes, everything lit is put out, and no off comes twice")
    func end() {
        var ledger = SinkLedger(SinkFilter())
        _ = ledger.take(Self.hello())
        _ = ledger.take(Self.snapshot([("violin", "strings")]))
        _ = ledger.take(SinkEvent(Say.on("piano", "keyboard", at: 4)))
        _ = ledger.take(SinkEvent(Say.off("piano", "keyboard", at: 6.5)))
        let last = ledger.take(SinkEvent(Event(.closing(reason: "gone"))))
        #expect(words(last) == ["off violin", "health lost", "closing"])
        if case .off(let off) = last[0].event.body { #expect(off.duration == 3.5) }
        #expect(ledger.take(SinkEvent(Say.off("violin", "strings"))).isEmpty)
        #expect(ledger.extinguish("stopped", arrival: 0).isEmpty)
    }

    @Test("A daemon whose clock began anew gives no negative duration")
    func restart() {
        var ledger = SinkLedger(SinkFilter())
        _ = ledger.take(SinkEvent(Say.on("violin", "strings", at: 500)))
        _ = ledger.take(SinkEvent(Say.levels(at: 1)))
        let events = ledger.extinguish("stopped", arrival: 0)
        if case .off(let off) = events.first?.event.body { #expect(off.duration == 0) } else { Issue.record("no off") }
    }

    @Test("What the filter leaves out is left out with its off, also from levels, tags and snapshots")
    func filter() throws {
        var filter = SinkFilter()
        filter.families = ["strings"]
        filter.minimumConfidence = 0.5
        filter.streams = ["main"]
        var ledger = SinkLedger(filter)
        _ = ledger.take(Self.hello())
        #expect(ledger.take(SinkEvent(Say.on("piano", "keyboard"))).isEmpty)
        #expect(ledger.take(SinkEvent(Say.off("piano", "keyboard"))).isEmpty)
        #expect(ledger.take(SinkEvent(Say.on("violin", "strings", confidence: 0.4))).isEmpty)
        #expect(ledger.take(SinkEvent(Say.off("violin", "strings"))).isEmpty)
        #expect(ledger.take(SinkEvent(Say.on("violin", "strings", stream: "desk.2"))).isEmpty)
        #expect(words(ledger.take(SinkEvent(Say.on("violin", "strings")))) == ["on violin"])
        let levels = ledger.take(SinkEvent(Say.levels(at: 2)))
        guard case .activity(let activity) = try #require(levels.first).event.body else { return }
        #expect(activity.instruments == ["violin"] && activity.levels == [0.5])
        let last = ledger.take(Self.snapshot([("piano", "keyboard"), ("violin", "strings")])).last
        guard case .snapshot(let snapshot) = try #require(last).event.body else { return }
        #expect(snapshot.active.map(\.instrument) == ["violin"])
    }

    @Test("Kinds that are not wanted are left out, and what is lit is known all the same")
    func kinds() {
        var filter = SinkFilter()
        filter.kinds = [.off]
        var ledger = SinkLedger(filter)
        #expect(ledger.take(SinkEvent(Say.on("violin", "strings"))).isEmpty)
        #expect(words(ledger.take(SinkEvent(Say.off("violin", "strings")))) == ["off violin"])
    }

    @Test("Levels are thinned to the wanted rate, and begin again with another daemon")
    func rate() {
        var filter = SinkFilter()
        filter.rate = 10
        var ledger = SinkLedger(filter)
        let passed = (0..<100).count { ledger.take(SinkEvent(Say.levels(at: Double($0) / 100))).count == 1 }
        #expect(passed == 10)
        _ = ledger.take(Self.hello())
        #expect(ledger.take(SinkEvent(Say.levels(at: 0))).count == 1)
    }

    @Test("Every on has one off before the next on, whatever comes in which order")
    func always() {
        var random = SeededNumbers(seed: 11)
        var ledger = SinkLedger(SinkFilter())
        var lit: Set<String> = []
        for step in 0..<20_000 {
            let time = Double(step) / 10
            let name = ["violin", "piano", "voice"][random.next(3)]
            let item: SinkEvent =
                switch random.next(8) {
                case 0, 1, 2: SinkEvent(Say.on(name, "x", at: time))
                case 3, 4: SinkEvent(Say.off(name, "x", at: time))
                case 5: Self.snapshot(random.next(2) == 0 ? [] : [(name, "x")])
                case 6: Self.hello()
                default: SinkEvent(Event(.closing(reason: "")))
                }
            for event in ledger.take(item) {
                switch event.event.body {
                case .on(let on): #expect(lit.insert(on.instrument).inserted)
                case .off(let off): #expect(lit.remove(off.instrument) != nil)
                default: break
                }
            }
        }
        #expect(ledger.extinguish("", arrival: 0).count { $0.event.kind == .off } == lit.count)
    }
}

/// Numbers that are the same on every run.
struct SeededNumbers {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// 0..<limit.
    mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
}
