// Promise 12 with the shipped model: what is no music lights no instrument.

import Configuration
import Events
import Foundation
import SceneFixtures
import Testing

@testable import Engine

@Suite("False alarms")
struct FalseAlarmTests {
    static let model = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../\(BundledFile.model.rawValue)").standardizedFileURL.path

    /// Twenty seconds of something that is no music.
    static let sounds: [(name: String, sample: @Sendable (Int, inout SystemNoise) -> Double)] = [
        ("digital silence", { _, _ in 0 }),
        ("a noise floor at -70 dBFS", { _, noise in 5e-4 * noise.next() }),
        ("white noise", { _, noise in 0.05 * noise.next() }),
        (
            "mains hum",
            { index, _ in
                let phase = 2 * Double.pi * 50 * Double(index) / 44_100
                return 0.05 * sin(phase) + 0.02 * sin(3 * phase) + 0.01 * sin(5 * phase)
            }
        ),
    ]

    /// Uniform noise that is the same on every run.
    struct SystemNoise {
        private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

        mutating func next() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(Int64(bitPattern: state) >> 11) / Double(1 << 52)
        }
    }

    @Test("Promise 12: silence, hum and noise do not light instruments", arguments: 0..<4)
    func noMusic(index: Int) throws {
        let (name, sample) = Self.sounds[index]
        let scene = try Scene()
        var noise = SystemNoise()
        // It swells for two seconds: noise that sets in at once is what a cymbal sounds like.
        let signal = (0..<44_100 * 20).map { Float(sample($0, &noise) * min(1, Double($0) / 88_200)) }
        #expect(try named(try scene.wave("noise.wav", signal), scene).isEmpty, "\(name)")
    }

    /// The instruments that the shipped model names in a file.
    private func named(_ path: String, _ scene: Scene) throws -> Set<String> {
        var lit: Set<String> = []
        try Replay(scene.settings("file:\(path)"), modelPath: Self.model).run { event in
            if case .on(let on) = event.body { lit.insert(on.instrument) }
        }
        return lit
    }

    /// Syllables as a formant synthesizer makes them: glottal pulses after Rosenberg, of a pitch that falls from 160 to 80 Hz,
    /// through three resonances; each vowel after a hiss or a pause.
    private func speech(seconds: Int) -> [Float] {
        let rate = 44_100.0
        let vowels: [[Double]] = [
            [730, 1090, 2440], [270, 2290, 3010], [570, 840, 2410], [660, 1720, 2410], [300, 870, 2240],
        ]
        var noise = SystemNoise()
        var signal: [Float] = []
        var states = [(Double, Double)](repeating: (0, 0), count: 3)
        var (phase, flow, syllable) = (0.0, 0.0, 0)
        while signal.count < seconds * 44_100 {
            let length = 5_300 + syllable * 977 % 5_000
            let pause = syllable % 9 == 8 ? 15_000 : 1_800
            for index in 0..<pause { signal.append(Float(index < pause / 2 ? 0.007 * noise.next() : 0)) }
            for index in 0..<length {
                let place = Double(index) / Double(length)
                phase += (120 + 8 * Double(syllable % 5) + 80 * (0.5 - place)) / rate
                phase -= phase.rounded(.down)
                let before = flow
                switch phase {
                case ..<0.4: flow = 0.5 - 0.5 * cos(Double.pi * phase / 0.4)
                case ..<0.56: flow = cos(Double.pi / 2 * (phase - 0.4) / 0.16)
                default: flow = 0
                }
                let value = 8 * (flow - before) + 0.02 * noise.next()
                var sum = 0.0
                for (number, formant) in vowels[syllable * 7 % vowels.count].enumerated() {
                    let radius = exp(-Double.pi * (70 + 40 * Double(number)) / rate)
                    let (last, one) = states[number]
                    let out = value + 2 * radius * cos(2 * Double.pi * formant / rate) * last - radius * radius * one
                    states[number] = (out, last)
                    sum += out / Double(1 << number)
                }
                signal.append(Float(0.007 * sum * min(1, 8 * place) * min(1, 6 * (1 - place))))
            }
            syllable += 1
        }
        return signal
    }

    @Test("Promise 12: speech lights the voice or nothing") func syntheticSpeech() throws {
        let scene = try Scene()
        let signal = speech(seconds: 20)
        #expect(signal.map(abs).max() ?? 0 > 0.05)
        let lit = try named(try scene.wave("speech.wav", signal), scene)
        #expect(lit.isSubset(of: ["voice"]), "\(lit)")
    }

    @Test(
        "Promise 12: real speech lights the voice or nothing",
        .enabled(if: QuietInputTests.recordings != nil, "TIMBRE_DATA names no folder with real recordings"))
    func realSpeech() throws {
        let folder = try #require(QuietInputTests.recordings)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains("speech") }
        #expect(files.count >= 4)
        let scene = try Scene()
        for file in files.sorted() {
            let lit = try named("\(folder)/\(file)", scene)
            #expect(lit.isSubset(of: ["voice"]), "\(file): \(lit)")
        }
    }
}
