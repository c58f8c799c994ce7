// The known facts about one recording: the times of each class, its presence, and unknown classes.

import Annotations

/// The reference of a recording.
///
/// A class without annotations is absent, unless there are also labels of the whole recording. With labels, a class
/// with label 0 is absent in every frame, and a class with label 1 or without a label has no known times. A class
/// whose annotation covers the whole recording without times is present without known times, too.
public struct Reference: Equatable, Sendable {
    /// The times at which each class sounds, without overlaps; a missing class has no known times.
    public let spans: [String: [TimeSpan]]
    /// The classes that are present (true) and absent (false); a missing class is unknown.
    public let presence: [String: Bool]
    /// Whether there are annotations in time.
    public let hasTimes: Bool
    /// Whether every class is known to be absent: every detection in such a recording is a false alarm.
    public let isWithoutMusic: Bool
    /// What makes it doubtful that the annotations belong to the audio.
    public let notices: [String]

    /// Combines annotations in time and labels of the whole recording; one of them may be nil.
    ///
    /// - Parameter classes: all classes that the references may contain.
    /// - Throws: when a class has annotations and its label marks it as absent.
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
        notices = annotations?.notices ?? []
        isWithoutMusic = classes.allSatisfy { presence[$0] == false }
    }
}
