// A folder with a model, recordings made for the test, and a replay over them.

import AudioCore
import Configuration
import Engine
import Events
import Foundation
import Models

/// A temporary folder for one test; it goes when the scene does.
public final class Scene {
    /// Where everything lies.
    public let folder: URL
    /// The path of the model.
    public let model: String
    /// The path of the clip model.
    public let clipModel: String

    /// Makes the folder and writes the model.
    public init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("timbre-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        model = try PitchModel.write(to: folder)
        let clip = folder.appendingPathComponent("clip.safetensors")
        try Data(try encodeClipModel(width: 1, classes: [.cello, .horn, .voice], windowPatches: 2)).write(to: clip)
        clipModel = clip.path
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes interleaved samples as a WAV file of 16-bit integers, or of floats, which full scale does not bound, and returns its path.
    public func wave(
        _ name: String, _ samples: [Float], rate: Int = 44_100, channels: Int = 1, isFloat: Bool = false
    ) throws -> String {
        var data = Data("RIFF".utf8)
        func append<Value: FixedWidthInteger>(_ value: Value) {
            withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
        }
        let width = isFloat ? 4 : 2
        append(UInt32(36 + width * samples.count))
        data += Data("WAVEfmt ".utf8)
        append(UInt32(16))
        append(UInt16(isFloat ? 3 : 1))
        append(UInt16(channels))
        append(UInt32(rate))
        append(UInt32(rate * channels * width))
        append(UInt16(channels * width))
        append(UInt16(8 * width))
        data += Data("data".utf8)
        append(UInt32(width * samples.count))
        for sample in samples {
            if isFloat {
                append(sample.bitPattern)
            } else {
                append(Int16((max(-1, min(1, sample)) * 32_767).rounded()))
            }
        }
        let url = folder.appendingPathComponent(name)
        try data.write(to: url)
        return url.path
    }

    /// Settings for one source.
    public func settings(_ source: String, channels: ChannelSelection = .mix) -> Settings {
        var settings = Settings()
        settings.streams = [StreamSettings(name: "main", source: source, channels: channels)]
        settings.realtimePriority = 0
        settings.tags.modelPath = clipModel
        return settings
    }

    /// All events of a replay.
    public func replay(_ settings: Settings) throws -> [Event] {
        var events: [Event] = []
        try Replay(settings, modelPath: model).run { events.append($0) }
        return events
    }

    /// The lines of a replay, as they would stand on standard output.
    public func lines(_ settings: Settings) throws -> [String] {
        var encoder = EventEncoder()
        return try replay(settings).enumerated().map {
            String(decoding: encoder.line($0.element, sequence: Int64($0.offset)), as: UTF8.self)
        }
    }

    /// Tones one after another: (instrument, start, end) in seconds, over `seconds`.
    public static func tones(
        _ notes: [(InstrumentClass, Double, Double)], seconds: Double, rate: Int = 44_100
    ) -> [Float] {
        var signal = [Float](repeating: 0, count: Int(seconds * Double(rate)))
        for (instrument, start, end) in notes {
            let step = 2 * Double.pi * PitchModel.frequency(of: instrument) / Double(rate)
            for index in Int(start * Double(rate))..<min(signal.count, Int(end * Double(rate))) {
                signal[index] += Float(0.3 * sin(step * Double(index)))
            }
        }
        return signal
    }
}
