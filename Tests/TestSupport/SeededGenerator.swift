// Random inputs that are the same in every run.

import AudioCore

/// What tests draw random inputs from.
public typealias SeededGenerator = SplitMix64

extension SplitMix64 {
    /// `count` numbers in -1..<1.
    public mutating func floats(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float.random(in: -1..<1, using: &self) }
    }
}
