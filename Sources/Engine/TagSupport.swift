// The influence of the tags of the last seconds on the thresholds.

import Events
import Glibc
import Models

/// Computes how the clip model lowers or raises the thresholds of the frame model's instruments.
///
/// The support of a tag is the logarithm of its odds over the odds of its threshold, limited to `limit` in either
/// direction. A strong tag lowers the instrument's thresholds; a tag far below its threshold raises them. Short
/// detections that contradict the whole window are thus suppressed, while an instrument that the window cannot contain
/// yet is still detected.
struct TagSupport {
    /// The largest support, in natural logarithms of odds: 0.5 turns a threshold of 0.5 into 0.38 or 0.62.
    ///
    /// Chosen with `timbre_training together` on rendered music among 0 to 4.
    static let limit: Float = 0.5
    /// The time for which support is valid, in seconds of the stream: three patches.
    static let timeout = 2.88

    /// For each instrument of the frame model, the index of its class in the clip model.
    private let classIndices: [Int?]
    private let thresholds: [Float]

    init(_ description: ClipDescription, instruments: [Hello.Instrument]) {
        classIndices = instruments.map { instrument in
            description.classes.firstIndex { $0.rawValue == instrument.name }
        }
        thresholds = description.thresholds
    }

    /// Returns the support of the tags for each instrument of the frame model, within `limit`; 0 for an instrument
    /// that the clip model does not have.
    func support(_ tags: UnsafeBufferPointer<ClipTag>) -> [Float] {
        classIndices.map { index in
            guard let index else { return 0 }
            let support = Self.logOdds(tags[index].probability) - Self.logOdds(thresholds[index])
            return support.isNaN ? 0 : min(max(support, -Self.limit), Self.limit)
        }
    }

    private static func logOdds(_ probability: Float) -> Float { log(probability / (1 - probability)) }
}
