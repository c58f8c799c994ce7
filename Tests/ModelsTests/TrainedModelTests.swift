// What the training package exports runs here as it ran there.

import Foundation
import TestSupport
import Testing

@testable import Models

@Suite struct TrainedModelTests {
    /// The top of the repository.
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let golden = "\(root)/training/golden"
    private static let shipped = "\(root)/models/default.safetensors"
    private static let small = "\(root)/models/small.safetensors"

    @Test("A network of every layer type gives what PyTorch gives, in a stream and with strides")
    func parity() throws {
        let file = try ModelFile(contentsOf: "\(Self.golden)/tiny.safetensors")
        let input = try NumpyArray(contentsOf: "\(Self.golden)/tiny_input.npy")
        let streaming = try NumpyArray(contentsOf: "\(Self.golden)/tiny_streaming.npy")
        let strided = try NumpyArray(contentsOf: "\(Self.golden)/tiny_strided.npy")
        let frames = input.shape[0]
        #expect(input.shape[1] == file.description.frontEnd.frameSize)

        var activities = [Float](repeating: .nan, count: frames * file.description.classes.count)
        FrameModel(file, maximumFrames: 16).process(input.values, frames: frames, into: &activities)
        expectClose(activities, streaming.values)
        expectClose(file.network.offline(input.values, padding: .causal), strided.values)
    }

    @Test(
        "The shipped models carry checksums of their weights",
        .enabled(
            if: FileManager.default.fileExists(atPath: shipped), "there is no model at models/default.safetensors"))
    func sealed() throws {
        #expect(try ModelFile(contentsOf: Self.shipped).isSealed)
        #expect(try ModelFile(contentsOf: Self.small).isSealed)
        #expect(try ClipModelFile(contentsOf: "\(Self.root)/models/clip.safetensors").isSealed)
    }

    @Test(
        "The shipped models know the 24 instruments and answer at every hop",
        .enabled(
            if: FileManager.default.fileExists(atPath: shipped), "there is no model at models/default.safetensors"),
        arguments: [shipped, small])
    func shippedModel(path: String) throws {
        let model = try FrameModel(contentsOf: path)
        #expect(model.classes == InstrumentClass.allCases)
        var generator = SeededGenerator(1)
        let features = generator.floats(200 * model.description.frontEnd.frameSize).map { abs($0) }
        var activities = [Float](repeating: .nan, count: 200 * model.classes.count)
        model.process(features, frames: 200, into: &activities)
        #expect(activities.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(Set(activities).count > activities.count / 2)
    }

    private func expectClose(_ output: [Float], _ expected: [Float]) {
        #expect(output.count == expected.count)
        let worst = zip(output, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < 2e-5, "differs by \(worst)")
    }
}
