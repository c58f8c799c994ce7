// How long the analysis sleeps.

import AudioCore
import AudioInput
import Models
import SceneFixtures
import Testing

@testable import Engine

@Suite("Pause of the analysis") struct PauseTests {
    @Test("lasts until the delivery that completes a hop, within its bounds")
    func bounds() {
        let now: Int64 = 10 * 366 * 86_400 * 1_000_000_000
        func pause(_ ahead: Int64?, idle: Int = 1) -> Int64 {
            Pause.nanoseconds(from: now, due: ahead.map { now + $0 }, idle: idle)
        }
        #expect(pause(7_000_000) == 7_000_000 + Pause.handover)
        #expect(pause(nil) == Pause.shortest)
        // A delivery that is late is polled for; one that is far away does not delay marks.
        #expect(pause(-1_000_000) == Pause.shortest)
        #expect(pause(-3_600_000_000_000) == Pause.shortest)
        #expect(pause(3_600_000_000_000) == Pause.longest)
        #expect(pause(nil, idle: Pause.idleAfter) == Pause.longest)
        #expect(pause(-1, idle: Pause.idleAfter) == Pause.longest)
        #expect(Pause.nanoseconds(from: 0, due: .min, idle: 1) == Pause.shortest)
        #expect(Pause.nanoseconds(from: .max, due: .max, idle: 1) == Pause.shortest)
    }

    /// A device at 44.1 kHz that delivers `period` frames at a time, and the analysis beside it on a common clock.
    private func wakeups(period: Int, rate: Int, seconds: Int) throws -> (wakeups: Int, hops: Int, latest: Int64) {
        let scene = try Scene()
        let file = try ModelFile(contentsOf: scene.model)
        let status = SourceStatus()
        let input = CaptureQueue()
        var capture = input.producer
        let format = AudioFormat(sampleRate: rate, channels: 1)
        let model = FrameModel(file)
        let source = SourceAnalysis(
            index: 0, isLive: true, selection: .mix, input: input.consumer, model: model, status: status)
        let analysis = SourceGroup([source], model: model)
        var queue = AnalysisQueue(classes: file.description.classes.count, clipClasses: 0)
        _ = capture.mark(.opened(format), wall: 0, monotonic: 0)
        let samples = [Float](repeating: 0.01, count: period)
        var (now, delivered, idle, count, hops) = (Int64(0), 0, 0, 0, 0)
        var latest: Int64 = 0
        while now < Int64(seconds) * 1_000_000_000 {
            // What the device has delivered by now.
            while case let time = FrameTime.nanoseconds(of: Int64(delivered + period), rate: rate), time <= now {
                samples.withUnsafeBufferPointer { _ = capture.push($0, channels: 1) }
                delivered += period
                status.noteBurst(frames: period)
                status.noteArrival(at: time)
            }
            count += 1
            idle += 1
            while analysis.turn(&queue.producer) { idle = 0 }
            while queue.consumer.next({ report, _ in
                guard case .frame = report.kind else { return }
                hops += 1
                // The delivery that completed the hop.
                let end = Int64((hops * 512 * rate / 44_100 + period - 1) / period * period)
                if hops > 20 { latest = max(latest, now - FrameTime.nanoseconds(of: end, rate: rate)) }
            }) {}
            now += Pause.nanoseconds(from: now, due: analysis.due, idle: idle)
        }
        return (count, hops, latest)
    }

    @Test(
        "ends about once a hop, and no later than a poll after the delivery, whatever the device's period",
        arguments: [64, 256, 441, 512, 882, 1024, 2048])
    func once(period: Int) throws {
        let seen = try wakeups(period: period, rate: 44_100, seconds: 4)
        // Periods of several hops need a wakeup for each delivery only; none needs more than one a hop and a few to begin.
        #expect(seen.hops > 330 && seen.wakeups < seen.hops + 30)
        #expect(seen.latest <= Pause.shortest)
    }

    @Test("ends once a delivery where a resampler hides how much completes a hop")
    func resampled() throws {
        let seen = try wakeups(period: 480, rate: 48_000, seconds: 4)
        #expect(seen.hops > 320 && seen.wakeups < 4 * 100 + 30)
    }

    @Test("is the shortest where nothing can be predicted: deliveries without a period, and files and pipes")
    func unknown() throws {
        let status = SourceStatus()
        status.noteBurst(frames: 256)
        status.noteArrival(at: 5)
        #expect(status.arrival == .init(time: 5, frames: 256))
        status.noteBurst(frames: 0)
        #expect(status.arrival == nil)

        // A pipe beside a device whose next hop is far away.
        let scene = try Scene()
        let model = FrameModel(try ModelFile(contentsOf: scene.model))
        let pipe = CaptureQueue()
        var pipeEnd = pipe.producer
        let device = CaptureQueue()
        var deviceEnd = device.producer
        let live = SourceStatus()
        live.noteBurst(frames: 512)
        live.noteArrival(at: 5)
        let group = SourceGroup(
            [
                SourceAnalysis(index: 0, isLive: false, selection: .mix, input: pipe.consumer, model: model),
                SourceAnalysis(
                    index: 1, isLive: true, selection: .mix, input: device.consumer, model: model, status: live),
            ], model: model)
        var queue = AnalysisQueue(classes: model.classes.count, clipClasses: 0)
        let format = AudioFormat(sampleRate: 44_100, channels: 1)
        _ = deviceEnd.mark(.opened(format), wall: 0, monotonic: 0)
        while group.turn(&queue.producer) {}
        #expect(group.due != nil)
        _ = pipeEnd.mark(.opened(format), wall: 0, monotonic: 0)
        while group.turn(&queue.producer) {}
        #expect(group.due == nil)
        _ = pipeEnd.mark(.state(.ended, code: 0), wall: 0, monotonic: 0)
        while group.turn(&queue.producer) {}
        #expect(group.due != nil)
    }
}
