// Signals the tests of the front end listen to.

import Glibc
import TestSupport

enum Signals {
    static func sine(_ frequency: Double, seconds: Double, rate: Int = 44_100, level: Double = 0.5) -> [Float] {
        (0..<Int(seconds * Double(rate))).map {
            Float(level * sin(2 * .pi * frequency * Double($0) / Double(rate)))
        }
    }

    static func noise(seconds: Double, rate: Int = 44_100, level: Float = 0.3, seed: UInt64 = 1) -> [Float] {
        var random = SeededGenerator(seed)
        return (0..<Int(seconds * Double(rate))).map { _ in Float.random(in: -level...level, using: &random) }
    }

    /// Notes with eight partials each, entering one after another, over a little noise.
    static func music(seconds: Double, rate: Int = 44_100) -> [Float] {
        var signal = noise(seconds: seconds, rate: rate, level: 0.001)
        let notes: [(pitch: Double, start: Double)] = [(55, 0), (220, 0.3), (277.2, 0.6), (329.6, 0.9), (1760, 1.2)]
        for note in notes {
            for partial in 1...8 where note.pitch * Double(partial) < 0.45 * Double(rate) {
                let step = 2 * .pi * note.pitch * Double(partial) / Double(rate)
                let level = 0.15 / Double(partial)
                for index in min(signal.count, Int(note.start * Double(rate)))..<signal.count {
                    signal[index] += Float(level * sin(step * Double(index)))
                }
            }
        }
        return signal
    }
}
