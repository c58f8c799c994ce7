// What is left of a set's figures when its recordings are degraded.

import JSON

/// The same recordings, clean and degraded, heard by the same ears.
public struct Robustness: Equatable, Sendable {
    /// The degradation.
    public let name: String
    /// The figures of the degraded recordings.
    public let evaluation: Evaluation
    /// Instruments that were named in a clean recording, and how many of them still are in the degraded one.
    public private(set) var named = 0, kept = 0
    /// Instruments that are named in a degraded recording alone.
    public private(set) var added = 0

    /// Compares the recordings that both heard, by their names.
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

    /// The share of what was named that still is; nil where nothing was.
    public var keptShare: Double? { named > 0 ? Double(kept) / Double(named) : nil }
    /// What is named beside it, in parts of what was named; nil where nothing was.
    public var addedShare: Double? { named > 0 ? Double(added) / Double(named) : nil }

    var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("named", .number(Double(named))), .init("kept", .number(Double(kept))),
            .init("added", .number(Double(added))), .init("means", evaluation.means),
        ])
    }
}
