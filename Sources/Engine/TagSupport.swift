// What the tags of the last seconds do to the thresholds of the moment.

import Events
import Glibc
import Models

/// Lets the clip model lower or raise the thresholds of the instruments that the frame model knows.
///
/// A tag speaks for an instrument by the logarithm of its odds over those of its threshold, at most by `limit` either way:
/// a strong tag lowers the instrument's thresholds, a tag far below its own raises them, so that what flickers against the
/// evidence of the whole window does not come through, and an instrument that the window cannot know yet still does.
struct TagSupport {
    /// The largest support, in natural logarithms of odds: 0.5 turns a threshold of 0.5 into 0.38 or 0.62.
    ///
    /// Chosen with `timbre_training together` on rendered music among 0 to 4.
    static let limit: Float = 0.5
    /// For how long an opinion counts, in seconds of the stream: three patches.
    static let timeout = 2.88

    /// For each instrument of the frame model the index of its class in the clip model.
    private let classIndices: [Int?]
    private let thresholds: [Float]

    init(_ description: ClipDescription, instruments: [Hello.Instrument]) {
        classIndices = instruments.map { instrument in
            description.classes.firstIndex { $0.rawValue == instrument.name }
        }
        thresholds = description.thresholds
    }

    /// How much the tags speak for each instrument of the frame model, within `limit`; 0 for one that the clip model does not
    /// know.
    func support(_ tags: UnsafeBufferPointer<ClipTag>) -> [Float] {
        classIndices.map { index in
            guard let index else { return 0 }
            let support = Self.logOdds(tags[index].probability) - Self.logOdds(thresholds[index])
            return support.isNaN ? 0 : min(max(support, -Self.limit), Self.limit)
        }
    }

    private static func logOdds(_ probability: Float) -> Float { log(probability / (1 - probability)) }
}
