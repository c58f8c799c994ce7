// Validates the description of a frame model.

import Features
import NeuralNetwork

extension ModelDescription {
    /// The error in the description, as the end of a sentence; nil when it is valid.
    var contradiction: String? {
        let count = classes.count
        if count == 0 { return "'classes' is empty" }
        if let twice = classes.first(where: { name in classes.count { $0 == name } > 1 }) {
            return "duplicate class '\(twice.rawValue)'"
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
            return "the network takes \(network.inputs) numbers and the front end produces \(frontEnd.frameSize)"
        }
        return outOfRange ?? frontEnd.contradiction
    }

    private var outOfRange: String? {
        let limits: [(String, PerClass?, ClosedRange<Double>)] = [
            ("smoothing_ms", .all(smoothingMilliseconds), 0...2000),
            ("minimum_on_ms", minimumOnMilliseconds, 0...10_000),
            ("minimum_off_ms", minimumOffMilliseconds, 0...10_000),
            ("temperature", temperature, 0.05...20),
            ("delay_ms", delayMilliseconds, -1000...5000),
            ("gate_dbfs", .all(gateDecibels), -120...0),
        ]
        return limits.lazy.compactMap { key, setting, range in
            setting.flatMap { problem(key, $0, range) }
        }.first
    }

    private func problem(_ key: String, _ setting: PerClass, _ range: ClosedRange<Double>) -> String? {
        switch setting {
        case .all(let value):
            return range.contains(value) ? nil : "'\(key)' is \(value), outside \(range)"
        case .each(let values):
            guard values.count == classes.count else {
                return "'\(key)' has \(values.count) numbers for \(classes.count) classes; "
                    + "expected one per class, or one number for all"
            }
            return zip(classes, values).first { !range.contains($0.1) }.map { name, value in
                "'\(key)' of '\(name.rawValue)' is \(value), outside \(range)"
            }
        }
    }
}

extension ModelDescription {
    /// The factors of the network's log odds, one per class; nil where all are 1.
    var outputScale: [Float]? {
        guard let temperature, temperature.values.contains(where: { $0 != 1 }) else { return nil }
        return classes.indices.map { Float(1 / temperature[$0]) }
    }
}
