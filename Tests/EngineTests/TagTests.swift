// Clip tags through the whole path: when they come, what they say, and that they disturb nothing.

import AudioCore
import AudioInput
import Configuration
import Events
import Foundation
import Models
import SceneFixtures
import Testing

@testable import Engine

@Suite("Tags") struct TagTests {
    private static func tags(_ events: [Event]) -> [(time: Double, tags: Tags)] {
        events.compactMap { event in
            guard case .tags(let tags) = event.body, let time = event.position?.time.seconds else { return nil }
            return (time, tags)
        }
    }

    private static let signal = Scene.tones([(.cello, 0.5, 1.5), (.horn, 2, 4)], seconds: 5.2)

    @Test("come with a replay, one for each patch of 0.96 s, over the last two of them")
    func windows() throws {
        let scene = try Scene()
        let found = Self.tags(try scene.replay(scene.settings("file:\(scene.wave("a.wav", Self.signal))")))
        #expect(found.count == 5)
        for (patch, (time, tags)) in found.enumerated() {
            #expect(abs(tags.end - (0.96 * Double(patch + 1) + 0.015)) < 1e-4)
            #expect(abs(tags.start - 0.96 * Double(max(0, patch - 1))) < 1e-4)
            // At most a patch after the window, and the last at the end of the recording.
            #expect(time >= tags.end - 0.02 && time < tags.end + 1)
            #expect(tags.tags.map(\.instrument) == ["cello", "horn", "voice"])
            #expect(tags.tags.map(\.family) == ["strings", "brass", "voice"])
            for tag in tags.tags {
                #expect((tag.attention != nil) == (tag.probability >= 0.5))
                guard let attention = tag.attention else { continue }
                #expect(attention.time > tags.start && attention.time < tags.end)
                #expect(attention.low >= 125 && attention.low < attention.high && attention.high <= 7500.1)
            }
        }
    }

    @Test("Promise 6: tags, too, stand in the same place and say the same at every block size from 1 to 8192")
    func blocks() throws {
        let scene = try Scene()
        let (file, clip) = (
            try ModelFile(contentsOf: scene.model), try ClipSettings(try ClipModelFile(contentsOf: scene.clipModel))
        )
        let signal = Self.signal[..<(3 * 44_100)]
        func findings(block: Int) -> [String] {
            let analysis = StreamAnalysis(file, clip: clip)
            analysis.open(sampleRate: 48_000)
            var result: [String] = []
            func take(_ finding: StreamAnalysis.Finding) {
                switch finding {
                case .hop: result.append("hop")
                case .tags(let found): result.append("\((0..<3).map { found.tags[$0] }) \(found.start) \(found.end)")
                }
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
        let whole = findings(block: 8192)
        #expect(whole.count { $0 != "hop" } == 2)
        for block in [1, 100, 128, 512, 1000] { #expect(findings(block: block) == whole) }
    }

    @Test("one key turns them off, and everything else stays as it was")
    func off() throws {
        let scene = try Scene()
        var settings = scene.settings("file:\(try scene.wave("a.wav", Self.signal))")
        settings.tags.supportEvents = false
        let with = try scene.replay(settings).filter { $0.kind != .tags && $0.kind != .hello }
        settings.tags.enabled = false
        let without = try scene.replay(settings)
        #expect(Self.tags(without).isEmpty)
        #expect(without.filter { $0.kind != .hello } == with)
    }

    @Test("interval, window and form are the configuration's")
    func settings() throws {
        let scene = try Scene()
        var settings = scene.settings("file:\(try scene.wave("a.wav", Self.signal))")
        settings.tags.interval = 1.92
        settings.tags.window = 2.88
        let found = Self.tags(try scene.replay(settings)).map(\.tags)
        #expect(found.map { Int($0.end * 10) } == [19, 38])
        #expect(found.map { Int($0.start * 100) } == [0, 96])
        settings.tags.isSliding = false
        let running = Self.tags(try scene.replay(settings)).map(\.tags)
        #expect(running.map(\.end) == found.map(\.end))
        #expect(running != found)
    }

    @Test("a gap begins a new window")
    func gap() throws {
        let scene = try Scene()
        let analysis = StreamAnalysis(
            try ModelFile(contentsOf: scene.model),
            clip: try ClipSettings(try ClipModelFile(contentsOf: scene.clipModel)))
        analysis.open(sampleRate: 44_100)
        var windows: [(start: Int64, end: Int64)] = []
        func play() {
            Self.signal.withUnsafeBufferPointer { samples in
                for start in stride(from: 0, to: samples.count - 512, by: 512) {
                    analysis.process(UnsafeBufferPointer(rebasing: samples[start..<start + 512])) { finding in
                        if case .tags(let found) = finding { windows.append((found.start, found.end)) }
                    }
                }
            }
        }
        play()
        let before = windows.count
        let frame = analysis.frame
        analysis.reset()
        play()
        #expect(before >= 4)
        #expect(windows[before].start == frame)
        #expect(windows[before].end == frame + Int64((0.975 * 44_100).rounded()))
    }

    @Test("a device that the analysis runs behind loses its tags and nothing else", arguments: [0.1, 0.45])
    func shedding(seconds: Double) throws {
        let scene = try Scene()
        let file = try ModelFile(contentsOf: scene.model)
        let clip = try ClipSettings(try ClipModelFile(contentsOf: scene.clipModel))
        let input = CaptureQueue(samples: 1 << 18)
        var capture = input.producer
        let model = FrameModel(file)
        let source = SourceAnalysis(
            index: 0, isLive: true, selection: .mix, input: input.consumer, model: model, clip: clip)
        let analysis = SourceGroup([source], model: model)
        var queue = AnalysisQueue(classes: file.description.classes.count, clipClasses: 3)
        _ = capture.mark(.opened(AudioFormat(sampleRate: 44_100, channels: 1)), wall: 0, monotonic: 0)
        var (frames, tags, gaps) = (0, 0, 0)
        // Blocks that come late: while more than 0.15 s of one wait, no work is done on tags.
        for _ in 0..<Int((4.5 / seconds).rounded()) {
            let block = [Float](repeating: 0.1, count: Int(seconds * 44_100))
            block.withUnsafeBufferPointer { _ = capture.push($0, channels: 1) }
            while analysis.turn(&queue.producer) {}
            while queue.consumer.next({ report, _ in
                switch report.kind {
                case .frame: frames += 1
                case .tags: tags += 1
                case .gap: gaps += 1
                default: break
                }
            }) {}
        }
        #expect(frames >= Int(4.49 * 44_100 / 512) && gaps == 0)
        #expect(tags == (seconds < 0.15 ? 4 : 0))
    }

    @Test("without a clip model the engine says what to do")
    func missing() throws {
        let scene = try Scene()
        var settings = scene.settings("tone:440")
        settings.tags.modelPath = "/nonexistent/clip.safetensors"
        #expect { try Engine(settings, modelPath: scene.model) } throws: { error in
            "\(error)".contains("/nonexistent/clip.safetensors cannot be read")
        }
    }
}
