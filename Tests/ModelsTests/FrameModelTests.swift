// Streams through a model: independent of each other, and of how they are cut.

import TestSupport
import Testing

@testable import Models

@Suite struct FrameModelTests {
    private func activities(_ model: FrameModel, _ features: [Float], block: Int) -> [Float] {
        let size = model.description.frontEnd.frameSize
        var activities: [Float] = []
        for first in stride(from: 0, to: features.count, by: block * size) {
            let frames = min(block, (features.count - first) / size)
            var output = [Float](repeating: .nan, count: frames * model.classes.count)
            model.process(Array(features[first..<first + frames * size]), frames: frames, into: &output)
            activities += output
        }
        return activities
    }

    @Test("Streams that share a model do not touch each other, and each may be reset")
    func independence() throws {
        let file = try ModelFile(ModelFixture().bytes(), file: "fixture")
        let (one, other) = (FrameModel(file, maximumFrames: 8), FrameModel(file))
        var generator = SeededGenerator(3)
        let features = generator.floats(100 * file.description.frontEnd.frameSize)
        let first = activities(one, features, block: 8)
        #expect(first.count == 300)
        #expect(first.allSatisfy { $0 > 0 && $0 < 1 })
        #expect(activities(other, features, block: 1) == first)
        #expect(activities(one, features, block: 8) != first)
        one.reset()
        #expect(activities(one, features, block: 100) == first)
    }

    @Test("A model tells what it is")
    func facts() throws {
        let model = FrameModel(try ModelFile(ModelFixture().bytes(), file: "fixture"))
        #expect(model.classes == [.cello, .flute, .malletPercussion])
        #expect(model.sha256.count == 64)
        #expect(model.multiplyAdds == 16 * 24 * 3 + 20 * 16 * 3 + 20 * 20 * 3 + 20 * 16 + 3 * 20 * 3)
    }
}
