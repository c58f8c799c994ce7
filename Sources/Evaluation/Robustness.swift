// The figures of a set when its recordings are degraded.

import JSON

/// The results of the same recordings, clean and degraded, with the same model and settings.
public struct Robustness: Equatable, Sendable {
    /// The degradation.
    public let name: String
    /// The figures of the degraded recordings.
    public let evaluation: Evaluation
    /// Number of instruments reported in the clean recordings, and how many of them are also reported in the degraded
    /// ones.
    public private(set) var named = 0, kept = 0
    /// Number of instruments reported only in the degraded recordings.
    public private(set) var added = 0

    /// Compares the recordings that are in both evaluations, by their names.
    public init(_ name: String, clean: Evaluation, degraded: Evaluation) {
        self.name = name
        evaluation = degraded
        let worse = Dictionary(degraded.recordings.map { ($0.name, $0) }) { first, _ in first }
        for recording in clean.recordings {
            guard let other = worse[recording.name] else { continue }
            for (before, after) in zip(recording.classes, other.classes) {
                let (wasNamed, isNamed) = (before.reports > 0, after.reports > 0)
                if wasNamed { named += 1 }
                if wasNamed && isNamed { kept += 1 }
                if !wasNamed && isNamed { added += 1 }
            }
        }
    }

    /// The fraction of the reported instruments that is still reported; nil without any.
    public var keptShare: Double? { named > 0 ? Double(kept) / Double(named) : nil }
    /// The number of additional instruments relative to the number reported in the clean recordings; nil without any.
    public var addedShare: Double? { named > 0 ? Double(added) / Double(named) : nil }

    var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("named", .number(Double(named))), .init("kept", .number(Double(kept))),
            .init("added", .number(Double(added))), .init("means", evaluation.means),
        ])
    }
}
