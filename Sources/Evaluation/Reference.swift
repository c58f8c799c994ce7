// What is known of one recording: which classes sound when, which are present at all, and which are unknown.

import Annotations

/// The truth about a recording, as far as it is known.
///
/// A class without annotations is absent, unless labels of the whole recording are there as well: then a class is absent
/// in every frame where its label is 0, and without times where its label is 1 or unknown. A class whose annotation covers
/// the whole recording without saying when is present without times, too.
public struct Reference: Equatable, Sendable {
    /// When each class sounds, without overlaps; a class that is not here has no known times.
    public let spans: [String: [TimeSpan]]
    /// Which classes are present (true) and absent (false); a class that is not here is unknown.
    public let presence: [String: Bool]
    /// Whether there are annotations in time at all.
    public let hasTimes: Bool
    /// Whether every class is known to be absent: what is heard here is a false alarm.
    public let isWithoutMusic: Bool

    /// Brings annotations in time and labels of the whole together; one of them may be nil.
    ///
    /// - Parameter classes: all that the references may name.
    /// - Throws: where a class has annotations and its label says that it is absent.
    public init(
        _ annotations: ReferenceAnnotations?, labels: [String: Bool]?, classes: [String]
    ) throws(EvaluationError) {
        var spans: [String: [TimeSpan]] = [:]
        var presence = labels ?? [:]
        if let annotations {
            let named = Dictionary(grouping: annotations.set.annotations, by: \.instrument)
            for name in classes {
                let own = (named[name] ?? []).map { TimeSpan($0.start, $0.end) }
                if own.isEmpty, annotations.present.contains(name) {
                    if labels?[name] == false { throw .contradiction(instrument: name) }
                    presence[name] = true
                    continue
                }
                if own.isEmpty {
                    let isAbsent = labels.map { $0[name] == false } ?? true
                    guard isAbsent, !annotations.unknown.contains(name) else { continue }
                } else if labels?[name] == false {
                    throw .contradiction(instrument: name)
                } else if annotations.unknown.contains(name) {
                    presence[name] = true
                    continue
                }
                spans[name] = TimeSpan.union(own)
                presence[name] = !own.isEmpty
            }
        }
        self.spans = spans
        self.presence = presence
        hasTimes = annotations != nil
        isWithoutMusic = classes.allSatisfy { presence[$0] == false }
    }
}
