// Promise 4 for a whole turn of the analysis under the real-time sanitizer: marks, recording, shedding and catching up.

import AudioCore
import AudioInput
import Models
import Recording
import SceneFixtures
import TestSupport
import Testing

@testable import Engine

@Suite(
    "Real-time turn", .enabled(if: RealTimeSanitizer.isLinked, "the sanitizer is not linked in: run scripts/rtsan-test")
)
struct RealTimeTurnTests {
    /// What came out of the analysis.
    private struct Heard {
        var hops = 0
        var tags = 0
    }

    /// A live stereo source whose channels are streams of their own, resampled, tagged and recorded; the test is all other
    /// threads.
    private final class Bench {
        static let format = AudioFormat(sampleRate: 48_000, channels: 2)
        var capture: CaptureProducer
        private let analysis: SourceGroup
        private var queue: AnalysisQueue
        private var consumer: RecordConsumer
        private var taken = [Float](repeating: 0, count: 1 << 20)
        private var generator = SeededGenerator(1)
        var heard = Heard()

        init() throws {
            let scene = try Scene()
            let file = try ModelFile(contentsOf: BundledFile.model.path ?? scene.model)
            let clip = try ClipModelFile(contentsOf: scene.clipModel)
            let input = CaptureQueue(samples: 1 << 20)
            let record = RecordQueue(samples: 1 << 20, marks: 4096)
            capture = input.producer
            consumer = record.consumer
            let model = FrameModel(file, maximumFrames: SourceAnalysis.together)
            let source = SourceAnalysis(
                index: 0, isLive: true, selection: .each, input: input.consumer, model: model,
                clip: try ClipSettings(clip), recorder: record.producer)
            analysis = SourceGroup([source], model: model)
            queue = AnalysisQueue(
                classes: file.description.classes.count, clipClasses: clip.description.classes.count)
            _ = capture.mark(.opened(Self.format), wall: 0, monotonic: 0)
        }

        /// Adds stereo frames, as the capture thread does.
        func push(frames: Int) {
            // Noise: a stream that stays the same is not computed.
            let samples = generator.floats(2 * frames)
            samples.withUnsafeBufferPointer { _ = capture.push($0, channels: 2) }
        }

        /// Turns until there is nothing to do, under the sanitizer where it is wanted.
        func turn(watched: Bool) {
            var more = true
            while more {
                if watched { RealTimeSanitizer.enter() }
                more = analysis.turn(&queue.producer)
                if watched { RealTimeSanitizer.exit() }
            }
        }

        /// Takes the reports, as the delivery thread does, and the sound, as the recorder does.
        func take() {
            while queue.consumer.next({ report, _ in
                switch report.kind {
                case .frame: heard.hops += 1
                case .tags: heard.tags += 1
                default: break
                }
            }) {}
            while consumer.nextMark() != nil {}
            while taken.withUnsafeMutableBufferPointer({ consumer.read($0) }) > 0 {}
        }
    }

    @Test(
        "Promise 4: a turn allocates, locks and waits for nothing, resampling, with tags and a recorder, at a gap, catching up, halted"
    )
    func turns() throws {
        let bench = try Bench()
        // Opening makes the streams.
        bench.push(frames: 4096)
        bench.turn(watched: false)
        bench.take()
        for round in 0..<400 {
            // Each kind of trouble has come once before it counts.
            let watched = round >= 40
            switch round % 40 {
            case 13:
                // Not yet half a second, and nobody takes what is reported: the turn may halt.
                bench.push(frames: 15_000)
                bench.turn(watched: watched)
            case 27:
                bench.push(frames: 44_100)
            case 31:
                _ = bench.capture.mark(.gap(frames: 100, .xrun), wall: 0, monotonic: 0)
            case 5, 6, 7, 8, 20, 21:
                // One hop of each channel, which pass together.
                bench.push(frames: 560)
            default:
                // From one trouble to the next it lasts longer than the patch of sound that tags need.
                bench.push(frames: 2048)
            }
            bench.turn(watched: watched)
            if round % 3 == 0 { bench.take() }
        }
        bench.take()
        // What lies behind the live edge is skipped, and a skip is told a little later than this test lasts: how many
        // gaps are told is for the tests of gaps.
        #expect(bench.heard.hops > 100 && bench.heard.tags > 0)
    }
}
