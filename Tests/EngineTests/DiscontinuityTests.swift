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

/// The analysis and delivery halves of an engine over a lane that the test itself feeds.
private final class Bench {
    static let options = SourceOptions()
    var capture: CaptureProducer
    private let analysis: SourceAnalysis
    private var lane: AnalysisLane
    private var delivery: SourceDelivery
    private let shared: SourceDelivery.Shared

    init(_ scene: Scene) throws {
        let file = try ModelFile(contentsOf: scene.model)
        let link = CaptureLink(samples: 1 << 20)
        capture = link.producer
        analysis = SourceAnalysis(
            index: 0, isLive: false, selection: .mix, lane: link.consumer, file: file, clip: nil)
        lane = AnalysisLane(classes: file.description.classes.count, clipClasses: 0)
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

    func events() -> [Event] {
        var events: [Event] = []
        var more = true
        while more {
            more = analysis.turn(&lane.producer)
            while lane.consumer.next({ report, content in
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
            #expect(event.place?.time.frame == Int64(86 * 512))
        }
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
        #expect(try #require(events.first?.place?.time.wall).nanoseconds < 1_002_000_000_000)
        #expect(try #require(events.last?.place?.time.wall).nanoseconds >= 9_000_000_000_000)
    }
}
