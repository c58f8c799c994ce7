// The front end of the clip models against VGGish's definition, and its ways with blocks and rates.

import Foundation
import Testing

@testable import Features

@Suite("Log-mel") struct LogMelTests {
    private static func frames(_ samples: [Float], blocks: [Int]) -> [[Float]] {
        let logMel = LogMel()
        var frames: [[Float]] = []
        samples.withUnsafeBufferPointer { samples in
            var (start, block) = (0, 0)
            while start < samples.count {
                let end = min(samples.count, start + blocks[block % blocks.count])
                logMel.process(UnsafeBufferPointer(rebasing: samples[start..<end])) {
                    frames.append(Array(UnsafeBufferPointer(start: $0, count: LogMel.bands)))
                }
                start = end
                block += 1
            }
        }
        return frames
    }

    private static func frames(_ samples: [Float], rate: Int) -> [[Float]] {
        let frontEnd = ClipFrontEnd(sampleRate: rate)
        var frames: [[Float]] = []
        let take = { (frame: UnsafePointer<Float>) in
            frames.append(Array(UnsafeBufferPointer(start: frame, count: LogMel.bands)))
        }
        samples.withUnsafeBufferPointer { samples in
            for start in stride(from: 0, to: samples.count, by: 4096) {
                frontEnd.process(
                    UnsafeBufferPointer(rebasing: samples[start..<min(samples.count, start + 4096)]), take)
            }
        }
        frontEnd.finish(take)
        return frames
    }

    @Test("equals VGGish's definition, evaluated by training/golden/make_log_mel.py, to a thousandth")
    func golden() throws {
        let expected = try GoldenFile.array("log_mel")
        let frames = Self.frames(try GoldenFile.samples("log_mel.wav"), blocks: [16_000])
        #expect([frames.count, LogMel.bands] == expected.shape)
        let worst = zip(frames.joined(), expected.values).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < 1e-3, "\(worst)")
    }

    @Test("gives the same bits at every block size")
    func blocks() throws {
        let samples = try GoldenFile.samples("log_mel.wav")
        let whole = Self.frames(samples, blocks: [samples.count])
        for blocks in [[1], [7, 160, 1], [159], [161], [400], [512]] {
            #expect(Self.frames(samples, blocks: blocks) == whole)
        }
    }

    @Test("makes 998 frames of ten seconds, and the first frame again after a reset")
    func counts() {
        let ten = [Float](repeating: 0.1, count: 160_000)
        #expect(Self.frames(ten, blocks: [1024]).count == 998)
        let logMel = LogMel()
        var frames = 0
        for _ in 0..<3 {
            ten[..<399].withUnsafeBufferPointer { logMel.process($0) { _ in frames += 1 } }
            logMel.reset()
        }
        #expect(frames == 0)
    }

    @Test("hears a tone in its band whatever the rate, to 7.4 kHz", arguments: [8000, 16_000, 44_100, 48_000, 96_000])
    func tones(rate: Int) {
        for frequency in [220.0, 1000, 3000, 7400] where frequency < 0.45 * Double(rate) {
            let signal = (0..<rate).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
            let frames = Self.frames(signal, rate: rate)
            #expect(abs(frames.count - 98) <= 1)
            let middle = frames[frames.count / 2]
            let loudest = middle.indices.max { middle[$0] < middle[$1] } ?? -1
            #expect(LogMel.frequencies(ofBands: loudest, through: loudest).contains(frequency))
            // The window sums to 200 and the peak of a sine is half of that; a band takes the main lobe's few points.
            #expect(exp(middle[loudest]) > 0.5 * 200 * 0.5 * 0.6, "\(frequency) Hz at \(rate): \(exp(middle[loudest]))")
        }
    }
}
