// The contradictions a model's description must be free of.

import Features
import NeuralNetwork

extension ModelDescription {
    /// What is wrong with the description, as the end of a sentence; nil when nothing is.
    var contradiction: String? {
        let count = classes.count
        if task != "frame" { return "the task '\(task)' is unknown; 'frame' is known" }
        if count == 0 { return "'classes' is empty" }
        if let twice = classes.first(where: { name in classes.count { $0 == name } > 1 }) {
            return "the class '\(twice.rawValue)' stands there more than once"
        }
        if thresholds.on.count != count || thresholds.off.count != count {
            return "\(count) classes have \(thresholds.on.count) thresholds 'on' and \(thresholds.off.count) 'off'"
        }
        for (name, (on, off)) in zip(classes, zip(thresholds.on, thresholds.off)) {
            guard on > 0, on < 1, off > 0, off < 1 else {
                return "the thresholds of '\(name.rawValue)' are \(on) and \(off), outside 0 to 1"
            }
            guard on >= off else {
                return "the threshold of '\(name.rawValue)' to start, \(on), is below the one to stop, \(off)"
            }
        }
        if network.layers.last != .sigmoid { return "the last layer is not a sigmoid" }
        if network.inputs != frontEnd.frameSize {
            return "the network takes \(network.inputs) numbers and the front end makes \(frontEnd.frameSize)"
        }
        return outOfRange ?? frontEnd.contradiction
    }

    private var outOfRange: String? {
        let limits: [(String, Double, ClosedRange<Double>)] = [
            ("smoothing_ms", smoothingMilliseconds, 0...2000),
            ("minimum_on_ms", minimumOnMilliseconds, 0...10_000),
            ("minimum_off_ms", minimumOffMilliseconds, 0...10_000),
            ("gate_dbfs", gateDecibels, -120...0),
        ]
        return limits.first { !$0.2.contains($0.1) }.map { key, value, range in
            "'\(key)' is \(value), outside \(range)"
        }
    }
}
