// antiphase-stereo: channels that cancel are heard, music is mixed as ever.

import AudioCore
import Foundation
import TestSupport
import Testing

@testable import AudioInput

@Suite("antiphase-stereo") struct ChannelMixerTests {
    private let format = AudioFormat(sampleRate: 1_000, channels: 2)

    /// The mix of interleaved samples taken in blocks of so many frames, and the frames after which something changed.
    private func mix(_ samples: [Float], block: Int = 128) -> (mono: [Float], changes: [Int], alone: Int?) {
        var mixer = ChannelMixer(format)
        var mono = [Float](repeating: 9, count: samples.count / 2)
        var changes: [Int] = []
        for start in stride(from: 0, to: mono.count, by: block) {
            let end = min(mono.count, start + block)
            let changed = samples[2 * start..<2 * end].withUnsafeBufferPointer { input in
                mono[start..<end].withUnsafeMutableBufferPointer { mixer.process(input, into: $0) }
            }
            if changed { changes.append(end) }
        }
        return (mono, changes, mixer.alone)
    }

    private func frames(_ seconds: Double, _ right: (Float, Int) -> Float) -> [Float] {
        (0..<Int(seconds * 1_000)).flatMap { index -> [Float] in
            let left = Float(0.5 * sin(2 * .pi * 50 * Double(index) / 1_000))
            return [left, right(left, index)]
        }
    }

    @Test("Of channels that cancel the louder is heard alone, until they no longer do")
    func cancels() {
        let heard = mix(frames(2) { left, _ in -1.1 * left } + frames(2) { left, _ in left }, block: 1)
        #expect(heard.changes == [500, 2_500] && heard.alone == nil)
        #expect(heard.mono[..<500].allSatisfy { abs($0) <= 0.026 })
        #expect((heard.mono[500..<2_000].max() ?? 0) > 0.54)
        #expect((heard.mono[2_500...].max() ?? 0) > 0.49)
    }

    @Test("Of many channels, too, the mix comes back when one of them alone plays", arguments: [2, 11, 12, 16, 64])
    func many(channels: Int) {
        var mixer = ChannelMixer(AudioFormat(sampleRate: 1_000, channels: channels))
        var mono = [Float](repeating: 0, count: 1_000)
        func play(_ value: (Int, Float) -> Float) {
            let samples = (0..<1_000).flatMap { index -> [Float] in
                let tone = Float(0.5 * sin(2 * .pi * 50 * Double(index) / 1_000))
                return (0..<channels).map { value($0, tone) }
            }
            samples.withUnsafeBufferPointer { input in
                mono.withUnsafeMutableBufferPointer { _ = mixer.process(input, into: $0) }
            }
        }
        play { channel, tone in channel == 0 ? tone : channel == 1 ? -tone : 0 }
        #expect(mixer.alone == 0)
        play { channel, tone in channel == channels - 1 ? tone : 0 }
        #expect(mixer.alone == nil)
    }

    @Test("What is heard does not depend on how the samples come in blocks")
    func blocks() {
        let samples = frames(1) { left, _ in -left } + frames(1) { left, index in index % 3 == 0 ? left : -left }
        let wanted = mix(samples, block: 1).mono
        for block in [2, 7, 128, 499, 2_000] { #expect(mix(samples, block: block).mono == wanted) }
    }

    @Test("Music with any phase between its channels, one channel alone and silence are mixed as ever")
    func ordinary() {
        var random = SeededGenerator(5)
        for right in [
            { left, _ in left }, { _, _ in 0 }, { left, _ in -0.7 * left },
            { _, _ in Float.random(in: -0.5...0.5, using: &random) },
        ] as [(Float, Int) -> Float] {
            let samples = frames(2, right)
            let heard = mix(samples)
            #expect(heard.changes.isEmpty)
            let mean: [Float] = (0..<2_000).map { frame in (samples[2 * frame] + samples[2 * frame + 1]) * 0.5 }
            #expect(heard.mono == mean)
        }
        #expect(mix([Float](repeating: 1e-5, count: 4_000)).changes.isEmpty)
        #expect(mix((0..<4_000).map { $0 % 2 == 0 ? 1e-5 : -1e-5 }).changes.isEmpty)
    }
}
