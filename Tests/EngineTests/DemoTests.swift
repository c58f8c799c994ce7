// The bundled recording with the bundled model: the right instruments at the right moments.

import AudioFiles
import Configuration
import Events
import Foundation
import SceneFixtures
import TestSupport
import Testing

@testable import Engine

@Suite("Demo")
struct DemoTests {
    /// A stretch in which an instrument sounds, or was said to, in seconds.
    struct Segment {
        let instrument: String
        let start: Double
        var end: Double

        func overlap(_ other: Segment) -> Double {
            instrument == other.instrument ? max(0, min(end, other.end) - max(start, other.start)) : 0
        }
    }

    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../\(name)")
            .standardizedFileURL.path
    }

    /// `start,end,class` of each part, by its own energy.
    static func truth() throws -> [Segment] {
        try String(contentsOfFile: path("demo/demo.csv"), encoding: .utf8).split(whereSeparator: \.isNewline)
            .dropFirst().compactMap { row in
                let fields = row.split(separator: ",")
                guard fields.count == 3, let start = Double(fields[0]), let end = Double(fields[1]) else { return nil }
                return Segment(instrument: String(fields[2]), start: start, end: end)
            }
    }

    static func heard(_ file: String = path(BundledFile.demo.rawValue)) throws -> [Segment] {
        var settings = Settings()
        settings.streams = [StreamSettings(source: "file:\(file)")]
        var segments: [Segment] = []
        try Replay(settings, modelPath: path(BundledFile.model.rawValue)).run { event in
            guard let time = event.position?.time.seconds else { return }
            switch event.body {
            case .on(let on): segments.append(Segment(instrument: on.instrument, start: time, end: .infinity))
            case .off(let off):
                if let index = segments.lastIndex(where: { $0.instrument == off.instrument }) {
                    segments[index].end = time
                }
            default: break
            }
        }
        return segments
    }

    @Test("Each instrument of the bundled recording is named soon after it first enters, and while it plays")
    func entries() throws {
        let truth = try Self.truth()
        let heard = try Self.heard()
        #expect(Set(truth.map(\.instrument)).count >= 8)
        for instrument in Set(truth.map(\.instrument)) {
            let part = try #require(truth.first { $0.instrument == instrument })
            let named = heard.filter { $0.instrument == instrument }
            #expect(
                named.contains { abs($0.start - part.start) < 2 }, "\(instrument) enters at \(part.start): \(named)")
            let share = named.reduce(0) { $0 + $1.overlap(part) } / (part.end - part.start)
            // Between the strokes of a drum there is nothing to name.
            #expect(share > (instrument == "drums" ? 0.3 : 0.5), "\(instrument) is named \(share) of the time")
        }
    }

    @Test(
        "Every line of its replay is valid by the schema",
        .enabled(if: EventLineValidator.isInstalled, Comment(rawValue: EventLineValidator.reason)))
    func lines() throws {
        var settings = Settings()
        settings.streams = [StreamSettings(source: "file:\(Self.path(BundledFile.demo.rawValue))")]
        var encoder = EventEncoder()
        var lines: [UInt8] = []
        var count: Int64 = 0
        try Replay(settings, modelPath: Self.path(BundledFile.model.rawValue)).run { event in
            count += 1
            lines += encoder.line(event, sequence: count)
        }
        #expect(count > 1000)
        let result = try EventLineValidator.validate(lines)
        #expect(result.output == "")
        #expect(result.status == 0)
    }

    @Test("More than half of what is said of it is true")
    func precision() throws {
        let truth = try Self.truth()
        let heard = try Self.heard()
        let said = heard.reduce(0) { $0 + $1.end - $1.start }
        let right = heard.reduce(0) { sum, segment in sum + truth.reduce(0) { $0 + $1.overlap(segment) } }
        #expect(right > 0.5 * said, "\(right) s of \(said) s")
    }

    @Test("A sample of +120 dB leaves the model its hearing")
    func click() throws {
        let file = try AudioFileReader(path: Self.path(BundledFile.demo.rawValue))
        let (rate, channels) = (file.format.sampleRate, file.format.channels)
        var block = [Float](repeating: 0, count: 20 * rate * channels)
        let result = block.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { file.read($0, capacity: 20 * rate) } ?? .end
        }
        guard case .frames(let frames) = result, frames == 20 * rate else {
            Issue.record("the recording is shorter than 20 s")
            return
        }
        let scene = try Scene()
        /// Seconds for which instruments are named within the 6 s after the fifth.
        func named(_ samples: [Float]) throws -> Double {
            let path = try scene.wave("demo.wav", samples, rate: rate, channels: channels, isFloat: true)
            return try Self.heard(path).reduce(0) { $0 + max(0, min($1.end, 11) - max($1.start, 5)) }
        }
        let whole = try named(block)
        for channel in 0..<channels { block[5 * rate * channels + channel] = 1e6 }
        #expect(try named(block) > 0.8 * whole && whole > 5)
    }
}
