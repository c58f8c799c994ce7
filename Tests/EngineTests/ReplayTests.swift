// The whole path on recordings: the right instruments at the right moments, the same on every run.

import Events
import Foundation
import Models
import SceneFixtures
import Testing

@testable import Engine

@Suite("Replay")
struct ReplayTests {
    /// What came on and went off: (instrument, on, off) in seconds.
    static func segments(_ events: [Event]) -> [(instrument: String, on: Double, off: Double)] {
        var segments: [(instrument: String, on: Double, off: Double)] = []
        for event in events {
            guard let time = event.position?.time.seconds else { continue }
            switch event.body {
            case .on(let on): segments.append((on.instrument, time, .infinity))
            case .off(let off):
                if let index = segments.lastIndex(where: { $0.instrument == off.instrument }) {
                    segments[index].off = time
                }
            default: break
            }
        }
        return segments
    }

    @Test("Instruments come on and go off when their tones do", arguments: [44_100, 48_000, 16_000, 96_000])
    func tones(rate: Int) throws {
        let scene = try Scene()
        let signal = Scene.tones(
            [(.cello, 0.5, 1.5), (.horn, 2, 3), (.drums, 2.2, 3.2)], seconds: 4, rate: rate)
        let path = try scene.wave("tones.wav", signal, rate: rate)
        let segments = Self.segments(try scene.replay(scene.settings("file:\(path)")))
        #expect(segments.map(\.instrument) == ["cello", "horn", "drums"])
        for (segment, expected) in zip(segments, [(0.5, 1.5), (2, 3), (2.2, 3.2)]) {
            #expect(abs(segment.on - expected.0) < 0.25)
            #expect(abs(segment.off - expected.1) < 0.35, "\(segments)")
        }
    }

    @Test("Promise 6: a replay gives identical events on every run")
    func identicalRuns() throws {
        let scene = try Scene()
        let signal = Scene.tones([(.oboe, 0.2, 1), (.horn, 0.7, 2)], seconds: 2.5, rate: 48_000)
        let path = try scene.wave("two.wav", signal, rate: 48_000)
        let first = try scene.lines(scene.settings("file:\(path)"))
        #expect(first.count > 50)
        for _ in 0..<4 { #expect(try scene.lines(scene.settings("file:\(path)")) == first) }
    }

    @Test("Promise 6: findings are identical however many hops go through the network together")
    func identicalTogether() throws {
        let scene = try Scene()
        let file = try ModelFile(contentsOf: scene.model)
        let signal = Scene.tones([(.oboe, 0.1, 0.5), (.horn, 0.3, 0.8)], seconds: 1)
        func findings(together: Int, settling: Int) -> [[Float]] {
            let analysis = StreamAnalysis(file, together: together)
            analysis.open(sampleRate: 44_100)
            var result: [[Float]] = []
            func take(_ finding: StreamAnalysis.Finding) {
                guard case .hop(let hop) = finding else { return }
                let activities = UnsafeBufferPointer(start: hop.activities, count: file.description.classes.count)
                result.append(
                    [hop.level.peak, hop.level.rms, Float(hop.silentSamples), Float(analysis.frame)] + activities)
            }
            signal.withUnsafeBufferPointer { samples in
                for (turn, start) in stride(from: 0, to: samples.count, by: 700).enumerated() {
                    let block = samples[start..<min(samples.count, start + 700)]
                    analysis.process(UnsafeBufferPointer(rebasing: block), take)
                    if turn % settling == settling - 1 { _ = analysis.settle(take) }
                }
            }
            analysis.finish(take)
            return result
        }
        let single = findings(together: 1, settling: 1)
        #expect(single.count == 44_100 / 512)
        for (together, settling) in [(12, 1000), (12, 5), (5, 1000), (48, 1000)] {
            #expect(findings(together: together, settling: settling) == single, "\(together) \(settling)")
        }
    }

    @Test("Promise 6: the activities are identical at every block size from 1 to 8192", arguments: [44_100, 48_000])
    func identicalBlocks(rate: Int) throws {
        let scene = try Scene()
        let file = try ModelFile(contentsOf: scene.model)
        let signal = Scene.tones([(.oboe, 0.1, 0.5), (.horn, 0.3, 0.8)], seconds: 0.8, rate: rate)
        func activities(block: Int) -> [[Float]] {
            let analysis = StreamAnalysis(file)
            analysis.open(sampleRate: rate)
            var result: [[Float]] = []
            func take(_ finding: StreamAnalysis.Finding) {
                guard case .hop(let hop) = finding else { return }
                result.append(Array(UnsafeBufferPointer(start: hop.activities, count: file.description.classes.count)))
            }
            signal.withUnsafeBufferPointer { samples in
                for start in stride(from: 0, to: samples.count, by: block) {
                    let end = min(samples.count, start + block)
                    analysis.process(UnsafeBufferPointer(rebasing: samples[start..<end]), take)
                }
            }
            analysis.finish(take)
            return result
        }
        let whole = activities(block: 8192)
        #expect(whole.count >= Int(0.8 * 44_100 / 512) - 2)
        for block in [1, 2, 3, 64, 127, 128, 511, 512, 513, 1000, 4096, 8191] {
            #expect(activities(block: block) == whole)
        }
    }

    @Test("Promise 5: every on has an off, and a stream ends with its health")
    func pairs() throws {
        let scene = try Scene()
        let path = try scene.wave("cut.wav", Scene.tones([(.viola, 0.2, 2)], seconds: 1))
        let events = try scene.replay(scene.settings("file:\(path)"))
        let segments = Self.segments(events)
        #expect(segments.map(\.instrument) == ["viola"])
        #expect(segments.allSatisfy { $0.off.isFinite })
        guard case .health(let health) = events.last?.body else {
            Issue.record("the last event is not health")
            return
        }
        #expect(health.state == .ended)
    }

    @Test("Every channel can be a stream of its own")
    func everyChannel() throws {
        let scene = try Scene()
        let left = Scene.tones([(.piano, 0.2, 1)], seconds: 1.5)
        let right = Scene.tones([(.trumpet, 0.4, 1.2)], seconds: 1.5)
        let path = try scene.wave("stereo.wav", zip(left, right).flatMap { [$0, $1] }, channels: 2)
        let events = try scene.replay(scene.settings("file:\(path)", channels: .each))
        var heard: [String] = []
        for event in events {
            if case .on(let on) = event.body, let stream = event.position?.stream {
                heard.append("\(stream) \(on.instrument)")
            }
        }
        #expect(heard == ["main.1 piano", "main.2 trumpet"])
        let one = try scene.replay(scene.settings("file:\(path)", channels: .channel(1)))
        #expect(Self.segments(one).map(\.instrument) == ["trumpet"])
        let mixed = try scene.replay(scene.settings("file:\(path)"))
        #expect(Self.segments(mixed).map(\.instrument) == ["piano", "trumpet"])
    }

    @Test("A change of gain by 40 dB after some seconds does not change the decisions")
    func gainChange() throws {
        let scene = try Scene()
        let notes: [(InstrumentClass, Double, Double)] = (0..<20).map { index in
            (InstrumentClass.allCases.sorted()[5 + index % 7], Double(index) * 0.5, Double(index) * 0.5 + 0.4)
        }
        let loud = Scene.tones(notes, seconds: 11)
        let turned = loud.enumerated().map { $0.offset < 88_200 ? $0.element : $0.element * 0.01 }
        var quietGate = scene.settings("file:\(try scene.wave("turned.wav", turned))")
        quietGate.events.gate = -80
        var plain = scene.settings("file:\(try scene.wave("loud.wav", loud))")
        plain.events.gate = -80
        let late: ((instrument: String, on: Double, off: Double)) -> Bool = { $0.on > 7 }
        let expected = Self.segments(try scene.replay(plain)).filter(late)
        let changed = Self.segments(try scene.replay(quietGate)).filter(late)
        #expect(expected.count >= 6)
        #expect(changed.map(\.instrument) == expected.map(\.instrument))
    }

    @Test("Promise 7: a file that is no audio is refused with its name")
    func noAudio() throws {
        let scene = try Scene()
        let path = scene.folder.appendingPathComponent("text.wav").path
        try Data("this is not audio".utf8).write(to: URL(fileURLWithPath: path))
        #expect {
            try scene.replay(scene.settings("file:\(path)"))
        } throws: {
            return "\($0)".contains("text.wav")
        }
        #expect {
            try scene.replay(scene.settings("file:/nowhere/song.flac"))
        } throws: {
            return "\($0)".contains("/nowhere/song.flac")
        }
    }
}
