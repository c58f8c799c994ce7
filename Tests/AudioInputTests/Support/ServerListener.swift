// What the tests of every sound server ask of a source on a sink's monitor.

import AudioCore
import Foundation
import Testing

@testable import AudioInput

extension SupervisorSettings {
    /// Tries again soon, so that a test need not wait, and takes a machine that is busy for no stall.
    static let hasty = SupervisorSettings(stallAfter: 3_000, firstRetry: 20, longestRetry: 100, settledAfter: 100)
}

extension Listener {
    /// `seconds` of 441 Hz at a quarter of full scale, the same in all channels.
    static func tone(seconds: Int, rate: Int, channels: Int = 1) -> [Float] {
        (0..<seconds * rate * channels).map { index in
            Float(0.25 * sin(2 * .pi * 441 * Double(index / channels) / Double(rate)))
        }
    }

    /// Whether one unbroken second of that tone comes in two channels of `rate`. A player that the machine kept waiting
    /// leaves holes, so each stretch of a second is looked at until one has none.
    func hearsTone(rate: Int) -> Bool {
        var next = samples.count + 2 * rate
        return listen { listener in
            guard listener.samples.count >= next else { return false }
            next += rate / 5
            let left = stride(from: listener.samples.count - 2 * rate, to: listener.samples.count, by: 2).map {
                listener.samples[$0]
            }
            let crossings = zip(left, left.dropFirst()).count { $0 < 0 && $1 >= 0 }
            return abs(crossings - 441) <= 1 && abs((left.max() ?? 0) - 0.25) < 0.01
        }
    }

    /// Checks a source whose server is not there, comes, is killed, and comes again.
    func expectToSurvive(saying absence: String, start: () throws -> Void, kill: () -> Void) throws {
        #expect(listen { $0.states == [.waiting] })
        #expect(thread.status.message.contains(absence))
        try start()
        #expect(listen { $0.states.last == .running })
        kill()
        #expect(listen { $0.states.last == .waiting })
        try start()
        // The gap is marked with the frames that follow it, a moment after the state.
        #expect(listen { $0.states.last == .running && !$0.gaps.isEmpty })
        // A server may take a source in before it can give it anything, and refuse it after all.
        #expect(states.filter { $0 != .opening } == [.waiting, .running, .lost, .waiting, .running])
        #expect(gaps.map(\.cause) == [.reopened] && (gaps.first?.frames ?? 0) > 0)
    }
}

/// Checks that a hundred openings leave no descriptor and no thread behind.
func expectNothingLeft(by cycle: () throws -> Void) throws {
    try cycle()
    let (descriptors, threads) = (ProcessFacts.descriptors, ProcessFacts.threads)
    for _ in 0..<100 { try cycle() }
    // Other tests of the process open and end theirs meanwhile; a leak would leave a hundred.
    #expect(ProcessFacts.descriptors < descriptors + 50)
    #expect(ProcessFacts.threads < threads + 50)
}
