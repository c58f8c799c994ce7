// Promise 10: what goes wrong in the middle of a stream is said, and hearing goes on.

import AudioCore
import AudioInput
import Configuration
import Events
import Features
import Models
import SceneFixtures
import Testing

@testable import Engine

/// The analysis and delivery halves of an engine over a queue that the test itself feeds.
private final class Bench {
    static let options = SourceOptions()
    var capture: CaptureProducer
    private let analysis: SourceGroup
    private var queue: AnalysisQueue
    private var delivery: SourceDelivery
    private let shared: SourceDelivery.Shared

    /// What the analysis takes for the time, in nanoseconds.
    final class Clock { var now: Int64 = 0 }
    let clock = Clock()
    let status = SourceStatus()

    init(_ scene: Scene, isLive: Bool = false) throws {
        let file = try ModelFile(contentsOf: scene.model)
        let input = CaptureQueue(samples: 1 << 20)
        capture = input.producer
        let model = FrameModel(file)
        let source = SourceAnalysis(
            index: 0, isLive: isLive, selection: .mix, input: input.consumer, model: model, clip: nil, status: status,
            now: { [clock] in clock.now })
        analysis = SourceGroup([source], model: model)
        queue = AnalysisQueue(classes: file.description.classes.count, clipClasses: 0)
        delivery = SourceDelivery(
            name: "main", specification: try SourceSpecification("tone:440"), selection: .mix, options: Self.options)
        var settings = EventSettings()
        settings.activityRate = 0
        shared = SourceDelivery.Shared(
            instruments: file.description.classes.map { .init(name: $0.rawValue, family: $0.family.rawValue) },
            rate: file.description.frontEnd.sampleRate, hop: file.description.frontEnd.hop,
            settings: try TrackerSettings(file.description, settings))
    }

    func mark(_ kind: StreamMark.Kind, wall: Int64 = 0) { _ = capture.mark(kind, wall: wall, monotonic: 0) }

    /// A second of the tone that lights `instrument`.
    func play(_ instrument: InstrumentClass, rate: Int = 44_100) {
        let tone = Scene.tones([(instrument, 0, 1)], seconds: 1, rate: rate)
        tone.withUnsafeBufferPointer { _ = capture.push($0, channels: 1) }
    }

    /// One turn of the analysis, and what comes of it.
    func turn() -> [Event] {
        _ = analysis.turn(&queue.producer)
        return delivered()
    }

    /// One turn of an analysis whose reports nobody takes.
    func turnAlone() -> Bool { analysis.turn(&queue.producer) }

    func delivered() -> [Event] {
        var events: [Event] = []
        while queue.consumer.next({ report, content in
            delivery.take(report, content, shared) { events.append($0) }
        }) {}
        return events
    }

    func events() -> [Event] {
        var events: [Event] = []
        var more = true
        while more {
            more = analysis.turn(&queue.producer)
            while queue.consumer.next({ report, content in
                delivery.take(report, content, shared) { events.append($0) }
            }) {}
        }
        return events
    }
}

@Suite("Discontinuities")
struct DiscontinuityTests {
    /// Kinds and instruments, in order.
    private static func outline(_ events: [Event]) -> [String] {
        events.compactMap { event in
            switch event.body {
            case .on(let on): "on \(on.instrument)"
            case .off(let off): "off \(off.instrument)"
            case .discontinuity(let gap): gap.reason.rawValue
            default: nil
            }
        }
    }

    @Test(
        "Promise 10: after an xrun, a sleep of the machine or a lost device it says so and hears on",
        arguments: [(GapCause.xrun, "xrun"), (.suspend, "suspend"), (.reopened, "reopened"), (.overload, "overload")])
    func gap(cause: GapCause, word: String) throws {
        let bench = try Bench(Scene())
        bench.mark(.opened(AudioFormat(sampleRate: 44_100, channels: 1)))
        bench.play(.cello)
        bench.mark(.gap(frames: 22_050, cause))
        bench.play(.cello)
        let events = bench.events()
        #expect(Self.outline(events) == ["on cello", "off cello", word, "on cello"])
        for event in events {
            guard case .discontinuity(let gap) = event.body else { continue }
            #expect(gap.lostSeconds == 0.5)
            // Whole hops were analysed; the rest of the last one is gone with the gap.
            #expect(event.position?.time.frame == Int64(86 * 512))
        }
    }

    @Test("a stop of the process is one gap: what the analysis skipped and what the device lost, counted together")
    func stopped() throws {
        let bench = try Bench(Scene(), isLive: true)
        let wall: Int64 = 1_795_240_800_000_000_000
        bench.mark(.opened(AudioFormat(sampleRate: 44_100, channels: 1)), wall: wall)
        // The queue filled up, the rest was lost, and then the device goes on while the analysis catches up.
        for _ in 0..<6 { bench.play(.cello) }
        bench.status.count(lost: 6 * 44_100, .overload)
        bench.mark(.gap(frames: 6 * 44_100, .overload), wall: wall + 12_000_000_000)
        var events: [Event] = []
        for step in 0..<40 {
            // In bursts, as a device that has much to give: each is more than the analysis would bear.
            if step % 4 == 0, step < 12 { bench.play(.cello) }
            for _ in 0..<10 { events += bench.turn() }
            bench.clock.now += 10_000_000
        }
        for _ in 0..<2 { bench.mark(.state(.lost, code: 0), wall: wall + 15_000_000_000) }
        events += bench.events()
        let gaps = events.compactMap { event in
            if case .discontinuity(let gap) = event.body { (gap.reason, gap.lostSeconds) } else { nil }
        }
        #expect(gaps.count == 1 && gaps.first?.0 == .overload)
        #expect(gaps.first?.1 == Double(bench.status.lost) / 44_100)
        #expect(bench.status.lost == 15 * 44_100 && bench.status.lost(.overload) == bench.status.lost)
        let walls = events.compactMap { $0.position?.time.wall }
        #expect(zip(walls, walls.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test("a gap that finds no room in the queue to delivery is told as soon as there is room")
    func fullLane() throws {
        let bench = try Bench(Scene(), isLive: true)
        bench.mark(.opened(AudioFormat(sampleRate: 44_100, channels: 1)))
        var told = 0.0
        // Nobody takes reports, until nothing fits any more and the sound behind is passed over.
        let tenth = [Float](repeating: 0.01, count: 4_410)
        for _ in 0..<600 {
            tenth.withUnsafeBufferPointer { _ = bench.capture.push($0, channels: 1) }
            while bench.turnAlone() {}
            bench.clock.now += 100_000_000
        }
        bench.clock.now += 1_000_000_000
        var events = bench.delivered()
        for _ in 0..<1000 {
            bench.clock.now += 1_000_000
            events += bench.turn()
        }
        for event in events { if case .discontinuity(let gap) = event.body { told += gap.lostSeconds } }
        #expect(bench.status.lost > 0)
        #expect(abs(told - Double(bench.status.lost) / 44_100) < 1e-9)
    }

    @Test("Promise 10: a device that comes back at another rate is heard at that rate")
    func rateChange() throws {
        let bench = try Bench(Scene())
        bench.mark(.opened(AudioFormat(sampleRate: 44_100, channels: 1)))
        bench.play(.horn)
        bench.mark(.opened(AudioFormat(sampleRate: 48_000, channels: 1)))
        bench.play(.horn, rate: 48_000)
        #expect(Self.outline(bench.events()) == ["on horn", "off horn", "rate_change", "on horn"])
    }

    @Test("Promise 10: a step of the machine's clock moves wall times from there on and loses nothing")
    func clockJump() throws {
        let bench = try Bench(Scene())
        bench.mark(.opened(AudioFormat(sampleRate: 44_100, channels: 1)), wall: 1_000_000_000_000)
        bench.play(.horn)
        bench.mark(.gap(frames: 0, .clockJump), wall: 9_000_000_000_000)
        bench.play(.horn)
        let events = bench.events()
        #expect(Self.outline(events) == ["on horn", "off horn", "clock_jump", "on horn"])
        #expect(try #require(events.first?.position?.time.wall).nanoseconds < 1_002_000_000_000)
        #expect(try #require(events.last?.position?.time.wall).nanoseconds >= 9_000_000_000_000)
    }
}
