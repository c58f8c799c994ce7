// Promise 4 under the real-time sanitizer: run by scripts/rtsan-test, which links it in; skipped without.

import AudioCore
import AudioInput
import Glibc
import Models
import NeuralNetwork
import Recording
import SceneFixtures
import TestSupport
import Testing

@testable import Engine

/// The sanitizer's own switches, where it is linked in: between them any allocation, lock or blocking call aborts.
enum RealTimeSanitizer {
    private typealias Switch = @convention(c) () -> Void

    /// Looked up once, before any checking: the look-up allocates.
    private static let switches = (enter: symbol("__rtsan_realtime_enter"), exit: symbol("__rtsan_realtime_exit"))
    static let isLinked = switches.enter != nil

    static func enter() { switches.enter?() }
    static func exit() { switches.exit?() }

    private static func symbol(_ name: String) -> Switch? {
        // RTLD_DEFAULT is the null handle.
        dlsym(nil, name).map { unsafeBitCast($0, to: Switch.self) }
    }
}

/// A device that checks its reader: whatever happens between two reads happens under the sanitizer.
private final class WatchedSource: AudioSource {
    static let warmUp = 20
    let name = "watched"
    let isLive = true
    private var reads = 0

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat { AudioFormat(sampleRate: 44_100, channels: 2) }

    func close() {}

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        if reads > Self.warmUp { RealTimeSanitizer.exit() }
        reads += 1
        guard reads < 500 else { return .end }
        destination.update(repeating: 0.1, count: 2 * capacity)
        if reads > Self.warmUp { RealTimeSanitizer.enter() }
        return .frames(capacity)
    }
}

@Suite("Real-time", .enabled(if: RealTimeSanitizer.isLinked, "the sanitizer is not linked in: run scripts/rtsan-test"))
struct RealTimeTests {
    @Test("The sanitizer ends a process that allocates, and one that locks, where it must not")
    func planted() async {
        let allocating = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            RealTimeSanitizer.enter()
            let values = [Int](repeating: 1, count: Int(getpid()))
            RealTimeSanitizer.exit()
            print(values.count)
        }
        let locking = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var mutex = pthread_mutex_t()
            RealTimeSanitizer.enter()
            pthread_mutex_lock(&mutex)
            RealTimeSanitizer.exit()
        }
        for result in [allocating, locking] {
            let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
            #expect(text.contains("unsafe-library-call"), "\(text)")
        }
    }

    @Test("Promise 4: between two reads of a device the capture thread allocates, locks and waits for nothing")
    func capture() {
        let queue = CaptureQueue()
        let supervisor = SourceSupervisor(source: WatchedSource(), selection: .mix, output: queue.producer)
        supervisor.run()
        #expect(supervisor.status.state == .ended)
        #expect(supervisor.status.frames > 400 * 1000)
    }

    @Test(
        "Rule 2: what the analysis passes on to be recorded allocates, locks and waits for nothing, also when nobody takes it"
    )
    func recorder() {
        let queue = RecordQueue(samples: 1 << 16, marks: 512)
        var producer = queue.producer
        var consumer = queue.consumer
        let samples = [Float](repeating: 0.1, count: 256)
        var taken = [Float](repeating: 0, count: 1 << 16)
        producer.open(AudioFormat(sampleRate: 44_100, channels: 2), wall: 0)
        for block in 0..<5000 {
            samples.withUnsafeBufferPointer { samples in
                RealTimeSanitizer.enter()
                producer.push(samples)
                if block % 7 == 0 {
                    producer.gap(frames: 1, .xrun, wall: 0)
                    producer.anchor(stream: 0, frame: Int64(block))
                }
                RealTimeSanitizer.exit()
            }
            // Once in a while somebody does.
            guard block % 1000 == 999 else { continue }
            while consumer.nextMark() != nil {}
            #expect(taken.withUnsafeMutableBufferPointer { consumer.read($0) } > 0)
        }
    }

    @Test(
        "Rule 2: the analysis of a hop allocates, locks and waits for nothing", arguments: [44_100, 48_000],
        Precision.allCases)
    func analysis(rate: Int, precision: Precision) throws {
        let scene = try Scene()
        let analysis = StreamAnalysis(
            try ModelFile(contentsOf: BundledFile.model.path ?? scene.model, precision: precision),
            clip: try ClipSettings(try ClipModelFile(contentsOf: scene.clipModel)))
        analysis.open(sampleRate: rate)
        // Noise, so that no two hops are the same: a stream that stays the same is not computed.
        var generator = SeededGenerator(1)
        let samples = generator.floats(2000 * 128)
        var (hops, tags) = (0, 0)
        for block in 0..<2000 {
            samples.withUnsafeBufferPointer { samples in
                if block > 100 { RealTimeSanitizer.enter() }
                analysis.process(UnsafeBufferPointer(rebasing: samples[block * 128..<(block + 1) * 128])) { finding in
                    switch finding {
                    case .hop: hops += 1
                    case .tags: tags += 1
                    }
                }
                if block > 100 { RealTimeSanitizer.exit() }
            }
        }
        #expect(hops > 400)
        #expect(tags > 3)
    }
}
