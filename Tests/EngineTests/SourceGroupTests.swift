// Devices whose streams share a model.

import AudioCore
import AudioInput
import Models
import NeuralNetwork
import SceneFixtures
import TestSupport
import Testing

@testable import Engine

@Suite("Source group") struct SourceGroupTests {
    /// A device of the bench: its channels and rate, and the sample at which a gap is.
    private struct Device {
        var channels: Int
        var rate = 44_100
        var gap: Int?
    }

    /// Devices that play a signal of their own on every channel, in deliveries of random sizes.
    private struct Bench {
        var devices: [Device]
        var model: ModelFile
        /// Whether every device has a group and a model of its own.
        var isAlone: Bool
        var seed: UInt64 = 1
        /// Largest number of frames of a delivery, and number of deliveries after which reports are taken.
        var longest = 1_500
        var drainEvery = 1

        /// The frame reports of each stream: frame, level and activities. Reports of one stream are in order.
        func reports() -> [[[Float]]] {
            let names: [InstrumentClass] = [.oboe, .horn, .cello, .viola]
            var members: [(source: SourceAnalysis, model: FrameModel)] = []
            var feeders: [Feeder] = []
            let shared = FrameModel(model, maximumFrames: SourceAnalysis.together)
            for (index, device) in devices.enumerated() {
                let queue = CaptureQueue(samples: 1 << 22)
                let before = devices[..<index].reduce(0) { $0 + $1.channels }
                let signals = (before..<before + device.channels).map { stream in
                    Scene.tones(
                        [(names[stream % 4], 0.03 * Double(stream % 20), 1.2)], seconds: 1.5, rate: device.rate)
                }
                let frames = signals[0].indices.flatMap { frame in signals.map { $0[frame] } }
                feeders.append(Feeder(queue.producer, frames, device))
                let model = isAlone ? FrameModel(model) : shared
                let source = SourceAnalysis(
                    index: index, isLive: true, selection: .each, input: queue.consumer, model: model)
                members.append((source, model))
            }
            let groups =
                isAlone
                ? members.map { SourceGroup([$0.source], model: $0.model) }
                : [SourceGroup(members.map(\.source), model: shared)]
            var queue = AnalysisQueue(classes: model.description.classes.count, clipClasses: 0)
            var result = [[[Float]]](repeating: [], count: devices.reduce(0) { $0 + $1.channels })
            var generator = SeededGenerator(seed)
            var (round, more) = (0, true)
            while more {
                more = false
                for feeder in feeders where feeder.deliver(Int.random(in: 1...longest, using: &generator)) {
                    more = true
                }
                round += 1
                for group in groups { while group.turn(&queue.producer) {} }
                guard round % drainEvery == 0 || !more else { continue }
                var took = true
                while took {
                    took = false
                    while queue.consumer.next({ report, content in
                        took = true
                        guard case .frame(let peak, let rms, _) = report.kind else { return }
                        let before = devices[..<Int(report.source)].reduce(0) { $0 + $1.channels }
                        result[before + Int(report.channel)].append(
                            [Float(report.frame), peak, rms] + content.activities)
                    }) {}
                    // What found no room in the queue is reported now.
                    for group in groups { while group.turn(&queue.producer) {} }
                }
            }
            return result
        }
    }

    /// A device that delivers a recording.
    private final class Feeder {
        private var capture: CaptureProducer
        private let samples: [Float]
        private let channels: Int
        private var gap: Int?
        private var done = 0

        init(_ capture: consuming CaptureProducer, _ samples: [Float], _ device: Device) {
            self.capture = capture
            (self.samples, channels, gap) = (samples, device.channels, device.gap)
            let format = AudioFormat(sampleRate: device.rate, channels: channels)
            _ = self.capture.mark(.opened(format), wall: 0, monotonic: 0)
        }

        /// Returns whether there is more.
        func deliver(_ frames: Int) -> Bool {
            let end = min(samples.count, done + frames * channels)
            if let gap, gap * channels <= end {
                push(to: gap * channels)
                _ = capture.mark(.gap(frames: 100, .xrun), wall: 0, monotonic: 0)
                self.gap = nil
            }
            push(to: end)
            return done < samples.count
        }

        private func push(to end: Int) {
            samples[done..<end].withUnsafeBufferPointer { _ = capture.push($0, channels: channels) }
            done = end
        }
    }

    /// The bundled model, which remembers; where it is missing, that of the scenes.
    private func model(_ precision: Precision) throws -> ModelFile {
        let scene = try Scene()
        return try ModelFile(contentsOf: BundledFile.model.path ?? scene.model, precision: precision)
    }

    @Test(
        "Promise 6: every stream has the same findings alone and beside any others, with gaps and at other rates",
        arguments: Precision.allCases, [1, 2] as [UInt64])
    func sameFindings(precision: Precision, seed: UInt64) throws {
        let devices = [
            Device(channels: 1), Device(channels: 4, gap: 30_000), Device(channels: 1, rate: 48_000),
            Device(channels: 10), Device(channels: 2, gap: 20_001),
        ]
        let model = try model(precision)
        let alone = Bench(devices: devices, model: model, isAlone: true).reports()
        #expect(alone.count == 18 && alone.allSatisfy { (127...129).contains($0.count) })
        #expect(Set(alone.map(\.description)).count > 12)
        #expect(Bench(devices: devices, model: model, isAlone: false, seed: seed).reports() == alone)
    }

    @Test("more channels than pass together, and more reports than the queue to delivery holds, lose nothing")
    func many() throws {
        let scene = try Scene()
        let model = try ModelFile(contentsOf: scene.model)
        let devices = [Device](repeating: Device(channels: 64), count: 3)
        let bench = Bench(
            devices: devices, model: model, isAlone: false, seed: 9, longest: 1_000, drainEvery: 25)
        // Between two drains there are some 24 hops of 192 streams.
        let heard = bench.reports()
        #expect(heard.count == 192 && heard.allSatisfy { $0.count == 129 })
        #expect(heard.allSatisfy { stream in zip(stream, stream.dropFirst()).allSatisfy { $0[0] + 512 == $1[0] } })
    }

    @Test("a device that is lost or stalls does not make the others poll", arguments: [SourceState.lost, .stalled])
    func lostBesideRunning(state: SourceState) throws {
        let scene = try Scene()
        let model = FrameModel(try ModelFile(contentsOf: scene.model))
        let format = AudioFormat(sampleRate: 44_100, channels: 1)
        let statuses = [SourceStatus(), SourceStatus()]
        let first = CaptureQueue()
        var lost = first.producer
        let second = CaptureQueue()
        var running = second.producer
        let group = SourceGroup(
            [
                SourceAnalysis(
                    index: 0, isLive: true, selection: .mix, input: first.consumer, model: model, status: statuses[0]),
                SourceAnalysis(
                    index: 1, isLive: true, selection: .mix, input: second.consumer, model: model, status: statuses[1]),
            ], model: model)
        var output = AnalysisQueue(classes: model.classes.count, clipClasses: 0)
        statuses[1].noteBurst(frames: 512)
        statuses[1].noteArrival(at: 7)
        _ = lost.mark(.opened(format), wall: 0, monotonic: 0)
        _ = lost.mark(.state(.running, code: 0), wall: 0, monotonic: 0)
        _ = running.mark(.opened(format), wall: 0, monotonic: 0)
        _ = running.mark(.state(.running, code: 0), wall: 0, monotonic: 0)
        while group.turn(&output.producer) {}
        // It runs, and nobody knows when it delivers.
        #expect(group.due == nil)
        _ = lost.mark(.state(state, code: 0), wall: 0, monotonic: 0)
        while group.turn(&output.producer) {}
        #expect(group.due == 7 + FrameTime.nanoseconds(of: 512, rate: 44_100))
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
