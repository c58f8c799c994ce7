// Devices whose streams share a model.

import AudioCore
import AudioInput
import Models
import SceneFixtures
import TestSupport
import Testing

@testable import Engine

@Suite("Source group") struct SourceGroupTests {
    /// Plays a signal of its own on every channel of every source, in deliveries of random sizes; returns the frame
    /// reports of each stream.
    private func reports(
        channels: [Int], alone: Bool, live: Bool = true, seed: UInt64 = 1
    ) throws -> [[[Float]]] {
        let scene = try Scene()
        let file = try ModelFile(contentsOf: scene.model)
        let seconds = 1.5
        let names: [InstrumentClass] = [.oboe, .horn, .cello, .viola]
        var number = 0
        var result: [[[Float]]] = []
        var groups: [(SourceGroup, [Int])] = []
        var ends: [Feeder] = []
        let shared = FrameModel(file, maximumFrames: SourceAnalysis.together)
        var members: [SourceAnalysis] = []
        for (index, count) in channels.enumerated() {
            let queue = CaptureQueue(samples: 1 << 19)
            let signals = (0..<count).map { channel in
                Scene.tones([(names[(number + channel) % 4], 0.05 * Double(channel % 8), 1.2)], seconds: seconds)
            }
            number += count
            var frames: [Float] = []
            for frame in signals[0].indices { for signal in signals { frames.append(signal[frame]) } }
            ends.append(Feeder(queue.producer, frames, channels: count))
            let model = alone ? FrameModel(file) : shared
            let source = SourceAnalysis(
                index: index, isLive: live, selection: .each, input: queue.consumer, model: model)
            if alone { groups.append((SourceGroup([source], model: model), [index])) } else { members.append(source) }
            result += [[[Float]]](repeating: [], count: count)
        }
        if !alone { groups = [(SourceGroup(members, model: shared), Array(channels.indices))] }
        var queue = AnalysisQueue(classes: file.description.classes.count, clipClasses: 0)
        var generator = SeededGenerator(seed)
        var more = true
        while more {
            more = false
            for end in ends where end.deliver(Int.random(in: 1...1_500, using: &generator)) { more = true }
            for (group, _) in groups { while group.turn(&queue.producer) {} }
            while queue.consumer.next({ report, content in
                guard case .frame(let peak, let rms, _) = report.kind else { return }
                let stream = channels[..<Int(report.source)].reduce(0, +) + Int(report.channel)
                result[stream].append([Float(report.frame), peak, rms] + content.activities)
            }) {}
        }
        return result
    }

    /// A device that delivers a recording.
    private final class Feeder {
        private var capture: CaptureProducer
        private let samples: [Float]
        private let channels: Int
        private var done = 0

        init(_ capture: consuming CaptureProducer, _ samples: [Float], channels: Int) {
            self.capture = capture
            (self.samples, self.channels) = (samples, channels)
            _ = self.capture.mark(.opened(AudioFormat(sampleRate: 44_100, channels: channels)), wall: 0, monotonic: 0)
        }

        func deliver(_ frames: Int) -> Bool {
            let count = min(frames * channels, samples.count - done)
            samples[done..<done + count].withUnsafeBufferPointer { _ = capture.push($0, channels: channels) }
            done += count
            return done < samples.count
        }
    }

    @Test(
        "Promise 6: every stream has the same findings alone and beside any others", arguments: [1, 2, 3] as [UInt64])
    func sameFindings(seed: UInt64) throws {
        let alone = try reports(channels: [1, 4, 1, 16, 2], alone: true)
        #expect(alone.count == 24 && alone.allSatisfy { $0.count == 129 })
        #expect(Set(alone.map(\.description)).count > 8)
        #expect(try reports(channels: [1, 4, 1, 16, 2], alone: false, seed: seed) == alone)
    }

    @Test("more channels than pass together, and than the queue to delivery takes at once, lose nothing")
    func many() throws {
        let channels = [64, 64, 64]
        let heard = try reports(channels: channels, alone: false, seed: 9)
        #expect(heard.count == 192 && heard.allSatisfy { $0.count == 129 })
    }

    @Test("a hop waits for those of devices that are due within 2 ms, and for no others")
    func gathering() throws {
        let scene = try Scene()
        let model = FrameModel(try ModelFile(contentsOf: scene.model))
        let format = AudioFormat(sampleRate: 44_100, channels: 1)
        func due(at arrivals: [Int64]) -> Int64? {
            let sources = arrivals.map { arrival in
                let queue = CaptureQueue()
                var capture = queue.producer
                _ = capture.mark(.opened(format), wall: 0, monotonic: 0)
                let status = SourceStatus()
                status.noteBurst(frames: 512)
                status.noteArrival(at: arrival)
                return SourceAnalysis(
                    index: 0, isLive: true, selection: .mix, input: queue.consumer, model: model, status: status)
            }
            let group = SourceGroup(sources, model: model)
            var output = AnalysisQueue(classes: model.classes.count, clipClasses: 0)
            while group.turn(&output.producer) {}
            return group.due
        }
        let hop = FrameTime.nanoseconds(of: 512, rate: 44_100)
        #expect(due(at: [100]) == hop + 100)
        #expect(due(at: [1_500_000, 0, 700_000]) == hop + 1_500_000)
        #expect(due(at: [5_000_000, 0, 700_000]) == hop + 700_000)
    }
}
