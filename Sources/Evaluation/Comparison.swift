// Compares two systems on the same recordings: their differences and the uncertainty of these.

/// The differences of two results, class by class, with intervals from a paired bootstrap over recordings.
public struct Comparison: Sendable {
    /// A figure that can be computed from any selection of recordings.
    public enum Measure: String, CaseIterable, Sendable {
        /// F1 by time in blocks of 104 ms.
        case frames = "frame F1, 104 ms"
        /// F1 by event, onsets only.
        case onsets = "onset F1"
        /// F1 of the reported classes of each recording.
        case reports = "reported F1, by recording"
        /// Average precision of the clip-level scores.
        case scores = "average precision, by recording"
    }

    /// One class under one measure.
    public struct Row: Equatable, Sendable {
        /// The class, or "mean".
        public let name: String
        /// The figures of both systems.
        public let first: Double, second: Double
        /// The interval that contains the difference second - first in 95 of 100 resampled sets; nil where too few
        /// define it.
        public let interval: Bootstrap.Interval?
    }

    private let pairs: [(RecordingResult, RecordingResult)]
    private let classes: [(name: String, first: Int, second: Int)]
    private let bootstrap: Bootstrap

    /// Pairs the recordings by the content of their audio and the classes by their names.
    ///
    /// - Throws: when they have no recording or no class in common.
    public init(_ first: Evaluation, _ second: Evaluation, rounds: Int = 1000, seed: UInt64 = 1) throws(EvaluationError)
    {
        let others = Dictionary(second.recordings.map { ($0.sha256, $0) }) { one, _ in one }
        pairs = first.recordings.compactMap { recording in others[recording.sha256].map { (recording, $0) } }
        classes = first.classes.enumerated().compactMap { index, name in
            second.classes.firstIndex(of: name).map { (name, index, $0) }
        }
        guard !pairs.isEmpty, !classes.isEmpty else {
            throw .content(
                file: "the two results", problem: "no recording is in both: evaluate both on the same set")
        }
        bootstrap = Bootstrap(count: pairs.count, rounds: rounds, seed: seed)
    }

    /// Recordings in both results.
    public var recordings: Int { pairs.count }

    /// Returns the rows of a measure: every class for which it is defined, and their mean.
    public func rows(_ measure: Measure) -> [Row] {
        let once = [Int](repeating: 1, count: pairs.count)
        let present = classes.filter {
            value(measure, $0.first, \.0, once) != nil && value(measure, $0.second, \.1, once) != nil
        }
        guard !present.isEmpty else { return [] }
        func both(_ one: (name: String, first: Int, second: Int), _ times: [Int]) -> (Double, Double)? {
            guard let first = value(measure, one.first, \.0, times), let second = value(measure, one.second, \.1, times)
            else { return nil }
            return (first, second)
        }
        func mean(_ times: [Int]) -> (Double, Double)? {
            let values = present.compactMap { both($0, times) }
            guard !values.isEmpty else { return nil }
            let count = Double(values.count)
            return (values.reduce(0) { $0 + $1.0 } / count, values.reduce(0) { $0 + $1.1 } / count)
        }
        func row(_ name: String, _ figure: ([Int]) -> (Double, Double)?) -> Row? {
            guard let (first, second) = figure(once) else { return nil }
            return Row(
                name: name, first: first, second: second,
                interval: bootstrap.interval { times in figure(times).map { $0.1 - $0.0 } })
        }
        return present.compactMap { one in row(one.name) { both(one, $0) } } + [row("mean", mean)].compactMap { $0 }
    }

    /// Returns a figure of one class, with a number of repetitions for each recording; nil where it is undefined.
    private func value(
        _ measure: Measure, _ index: Int, _ side: KeyPath<(RecordingResult, RecordingResult), RecordingResult>,
        _ times: [Int]
    ) -> Double? {
        var counts = Counts()
        var ranking = Ranking()
        var negatives = 0
        for (pair, time) in zip(pairs, times) where time > 0 {
            let part = pair[keyPath: side].classes[index]
            switch measure {
            case .frames: counts += (part.frames?.block ?? Counts()).times(time)
            case .onsets: counts += (part.onsets ?? Counts()).times(time)
            case .reports, .scores:
                guard let isPresent = part.isPresent else { continue }
                if !isPresent { negatives += time }
                for _ in 0..<(measure == .scores ? time : 0) { ranking.append(isPresent, part.score) }
                let heard = [part.reports > 0]
                counts += Segments.compare(reference: [isPresent], heard: heard).times(time)
            }
        }
        switch measure {
        case .frames, .onsets: return counts.isDefined ? counts.f1 : nil
        case .reports: return counts.isDefined && negatives > 0 ? counts.f1 : nil
        case .scores: return negatives > 0 ? ranking.averagePrecision : nil
        }
    }
}

extension Counts {
    fileprivate func times(_ factor: Int) -> Counts {
        Counts(hits: hits * factor, falseAlarms: falseAlarms * factor, misses: misses * factor)
    }
}
