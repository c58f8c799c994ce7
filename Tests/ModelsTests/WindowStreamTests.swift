// The seam for systems that look at the whole window.

import Testing

@testable import Models

/// Adds up the first value of every frame, a part of the window at a step.
private final class FirstValues: WindowNetwork {
    let stepCount = 4
    private let patches: Int
    private var sum: Float = 0

    init(patches: Int) { self.patches = patches }

    func step(_ index: Int, window: UnsafePointer<Float>) {
        if index == 0 { sum = 0 }
        let part = patches * ClipArchitecture.patchFrames / stepCount
        for frame in index * part..<(index + 1) * part { sum += window[64 * frame] }
    }

    func read(into tags: UnsafeMutablePointer<ClipTag>) {
        tags[0] = ClipTag(probability: sum, focus: .init(column: 1, row: nil))
    }
}

@Suite("Systems that look at the whole window") struct WindowStreamTests {
    /// What the network found, patch by patch; patches named in `shed` are not computed.
    private func found(_ numbers: [Float], shed: Set<Int> = [], givenUp: Set<Int> = []) -> [ClipTag?] {
        let stream = WindowStream(FirstValues(patches: 2), patches: 2, classes: 1)
        return numbers.enumerated().map { position, number in
            if shed.contains(position) {
                stream.skip()
            } else {
                stream.load([Float](repeating: number, count: ClipArchitecture.patchFrames * 64))
                stream.step(0)
                if givenUp.contains(position) { stream.skip() } else { for step in 1..<4 { stream.step(step) } }
            }
            var tag = [ClipTag(probability: -1, focus: nil)]
            return stream.evaluate(into: &tag) ? tag[0] : nil
        }
    }

    @Test("have tags while the window is full, whose focus is counted from the beginning of the stream")
    func full() {
        #expect(
            found([1, 2, 3]) == [
                nil, ClipTag(probability: 3 * 96, focus: .init(column: 1, row: nil)),
                ClipTag(probability: 5 * 96, focus: .init(column: 7, row: nil)),
            ])
    }

    @Test("wait for a full window again after a patch that was shed or given up")
    func gaps() {
        #expect(found([1, 2, 3, 4, 5], shed: [2]).map { $0?.probability } == [nil, 288, nil, nil, 864])
        #expect(found([1, 2, 3, 4, 5], givenUp: [2]).map { $0?.probability } == [nil, 288, nil, nil, 864])
        #expect(found([1, 2, 3, 4, 5], givenUp: [2]).last??.focus?.column == 19)
    }
}
