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
        var lit: [String] = []
        let settings = scene.settings("file:\(try scene.wave("noise.wav", signal))")
        try Replay(settings, modelPath: Self.model).run { event in
            if case .on(let on) = event.body { lit.append(on.instrument) }
        }
        #expect(lit.isEmpty, "\(name)")
    }
}
