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

    @Test("A stream whose features do not change passes through no layer, and is afterwards what it would have been")
    func still() throws {
        let file = try ModelFile(ModelFixture().bytes(), file: "fixture")
        let size = file.description.frontEnd.frameSize
        let field = file.network.receptiveField
        var generator = SeededGenerator(5)
        let silence = generator.floats(size)
        // Music, silence that is longer than the network's memory, music, silence that is shorter, music.
        let features =
            generator.floats(40 * size) + (0..<3 * field).flatMap { _ in silence } + generator.floats(2 * field * size)
            + (0..<field / 2).flatMap { _ in silence } + generator.floats(40 * size)
        // Without the short cut, by the network alone.
        let network = file.network.streaming(maximumFrames: 1)
        let frames = features.count / size
        var expected = [Float](repeating: .nan, count: frames * file.description.classes.count)
        network.process(features, &expected, frames: frames)
        for block in [1, 3, 12, field] {
            #expect(activities(FrameModel(file, maximumFrames: 12), features, block: block) == expected)
        }
        // In a row with a stream that plays on.
        let model = FrameModel(file, maximumFrames: 12)
        let (first, second) = (model.claimStream(), model.claimStream())
        #expect((first, second) == (0, 1))
        var heard: [[Float]] = [[], []]
        for frame in 0..<frames {
            let other = generator.floats(size)
            var output = [Float](repeating: .nan, count: 2 * model.classes.count)
            [second, first].withUnsafeBufferPointer { rows in
                model.process(other + features[frame * size..<(frame + 1) * size], of: rows, into: &output)
            }
            heard[1] += output[..<model.classes.count]
            heard[0] += output[model.classes.count...]
        }
        #expect(heard[0] == expected)
        #expect(heard[1].allSatisfy { $0 > 0 && $0 < 1 })
        #expect(Set(heard[1].suffix(30)).count > 10)
    }

    @Test("A model tells what it is")
    func facts() throws {
        let model = FrameModel(try ModelFile(ModelFixture().bytes(), file: "fixture"))
        #expect(model.classes == [.cello, .flute, .malletPercussion])
        #expect(model.sha256.count == 64)
        #expect(model.multiplyAdds == 16 * 24 * 3 + 20 * 16 * 3 + 20 * 20 * 3 + 20 * 16 + 3 * 20 * 3)
    }
}
