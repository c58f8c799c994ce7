// The definitions that no library has, in plain numbers.

import Annotations
import TestSupport
import Testing

@testable import Evaluation

@Suite("Definitions") struct DefinitionTests {
    @Test("A union has no overlaps, and fills pauses shorter than the gap")
    func union() {
        let spans = [TimeSpan(3, 4), TimeSpan(0, 1), TimeSpan(0.5, 2), TimeSpan(4.1, 5)]
        #expect(TimeSpan.union(spans) == [TimeSpan(0, 2), TimeSpan(3, 4), TimeSpan(4.1, 5)])
        #expect(TimeSpan.union(spans, closing: 0.15) == [TimeSpan(0, 2), TimeSpan(3, 5)])
        #expect(TimeSpan.union([TimeSpan(0, 1), TimeSpan(1, 2)]) == [TimeSpan(0, 2)])
    }

    @Test("Segments of a span that no whole number can count are all segments there are, not the end of the program")
    func endless() {
        #expect(Segments.roll([TimeSpan(-1e300, 1e300)], resolution: 0.01, count: 3) == [true, true, true])
        #expect(Segments.roll([TimeSpan(1e300, .infinity)], resolution: 0.01, count: 3) == [false, false, false])
        #expect(
            Segments.count(duration: .infinity, resolution: 1) == .max
                && Segments.count(duration: -1e300, resolution: 1) == 0)
    }

    @Test("The score of a recording is the mean of its highest tenth")
    func clipScore() {
        #expect(ClipScore.of([]) == 0)
        #expect(ClipScore.of([0.25]) == 0.25)
        #expect(ClipScore.of((0..<20).map { Float($0) / 32 }) == (19.0 + 18) / 2 / 32)
    }

    @Test("A delay belongs to an entry after silence, from a little before it to two seconds after")
    func delays() {
        let reference = [TimeSpan(1, 2), TimeSpan(2.3, 3), TimeSpan(5, 6), TimeSpan(9, 10)]
        let entries = OnsetLatency.entries(
            reference: reference, heard: [TimeSpan(1.25, 2), TimeSpan(4.96, 6), TimeSpan(11.5, 12)])
        #expect(entries.count == 3)
        #expect(entries.delays.count == 2 && entries.delays[0] == 0.25 && abs(entries.delays[1] + 0.04) < 1e-9)
    }

    @Test("The error of an onset is that of the estimate of the very event whose delay counts")
    func onsetErrors() {
        let entries = OnsetLatency.entries(
            reference: [TimeSpan(1, 2), TimeSpan(5, 6)], heard: [TimeSpan(1.25, 2), TimeSpan(5.5, 6)],
            estimates: [TimeSpan(1.125, 2), TimeSpan(4.75, 6)])
        #expect(entries.delays == [0.25, 0.5] && entries.errors == [0.125, -0.25])
    }

    /// A recording of 30 s in which these classes are present (nil for unknown), with what came on how often.
    private func recording(_ presence: [Bool?], reports: [Int], onsets: [Counts?] = []) -> RecordingResult {
        var result = RecordingResult(name: "\(presence)", sha256: "", duration: 30, isWithoutMusic: false, classes: [])
        for (index, isPresent) in presence.enumerated() {
            var part = RecordingResult.OfClass()
            part.isPresent = isPresent
            part.reports = reports[index]
            part.onsets = index < onsets.count ? onsets[index] : nil
            result.classes.append(part)
        }
        return result
    }

    @Test(
        "One instrument alone is only right, right and wrong, only wrong, or not reported; what is unknown is neither")
    func singleSources() {
        let singles = SingleSources([
            recording([true, false, nil], reports: [2, 0, 5]), recording([true, false, false], reports: [1, 0, 3]),
            recording([false, true, false], reports: [1, 0, 0]), recording([false, true, nil], reports: [0, 0, 9]),
            recording([true, true, false], reports: [1, 1, 0]), recording([false, false, false], reports: [1, 0, 0]),
            recording([true, nil, nil, nil, nil], reports: [1, 0, 0, 0, 0]),
        ])
        #expect(singles.right == 1 && singles.mixed == 1 && singles.wrong == 1 && singles.nothing == 1)
    }

    @Test("Flicker is the events a minute where times are known, beside the truth's")
    func flicker() {
        let flicker = Flicker([
            recording(
                [true, false], reports: [5, 1],
                onsets: [Counts(hits: 1, falseAlarms: 4, misses: 1), Counts(falseAlarms: 1)]),
            recording([true, false], reports: [7, 7]),
            recording([true, false], reports: [1, 0], onsets: [Counts(hits: 1), nil]),
        ])
        #expect(flicker.seconds == 60 && flicker.heardPerMinute == 7 && flicker.referencePerMinute == 3)
        #expect(Flicker([]).heardPerMinute == nil)
    }

    @Test("Robustness counts what is still named, and what is named beside it, recording by recording")
    func robustness() {
        let clean = Evaluation(
            classes: ["a", "b"],
            recordings: [recording([true, false], reports: [1, 1]), recording([false, true], reports: [0, 2])])
        let worse = Evaluation(
            classes: ["a", "b"],
            recordings: [recording([false, true], reports: [3, 0]), recording([true, false], reports: [2, 1])])
        let robustness = Robustness("mp3", clean: clean, degraded: worse)
        #expect(robustness.named == 3 && robustness.kept == 2 && robustness.added == 1)
        #expect(robustness.keptShare == 2.0 / 3 && robustness.addedShare == 1.0 / 3)
    }

    @Test("Confusion shares what was missed between what was heard in its place, and sums to the whole")
    func confusion() {
        var confusion = Confusion(classes: ["a", "b", "c"])
        confusion.add(present: [true, false, false], heard: [true, true, false])
        confusion.add(present: [true, false, false], heard: [false, true, true])
        confusion.add(present: [true, nil, false], heard: [false, true, false])
        #expect(confusion.present == [3, 0, 0])
        #expect(confusion.taken[0] == [1, 0.5, 0.5])
        #expect(abs(confusion.missed(0) - 1.0 / 3) < 1e-12)
        var sum = Confusion(classes: ["a", "b", "c"])
        sum.add(confusion, weight: 2)
        #expect(sum.share(0, 0) == confusion.share(0, 0) && sum.present[0] == 6)
    }

    @Test("A search kept in a histogram finds what trying every threshold finds")
    func search() {
        var generator = SeededGenerator(3)
        for _ in 0..<50 {
            let items = (0..<60).map { _ in
                (Bool.random(using: &generator), Double(Int.random(in: 0...40, using: &generator)) / 40)
            }
            var halves = [ThresholdSearch(), ThresholdSearch()]
            for (index, item) in items.enumerated() { halves[index % 2].append(item.0, item.1) }
            halves[0].append(halves[1])
            let tried = ThresholdSearch.candidates.map { candidate in
                Segments.compare(reference: items.map(\.0), heard: items.map { $0.1 > candidate })
            }
            let highest = tried.map(\.f1).max() ?? 0
            let first = tried.firstIndex { $0.f1 == highest } ?? 0
            #expect(halves[0].best()?.counts == tried[first])
            #expect(halves[0].best()?.threshold == ThresholdSearch.candidates[first])
        }
        #expect(ThresholdSearch().best() == nil)
    }

    @Test("A bootstrap is the same for the same seed, pairs both systems, and excludes what is always the same")
    func bootstrap() throws {
        let bootstrap = Bootstrap(count: 30, rounds: 200, seed: 5)
        func mean(_ times: [Int]) -> Double {
            Double(times.enumerated().reduce(0) { $0 + $1.offset * $1.element }) / 30
        }
        let interval = try #require(bootstrap.interval(mean))
        #expect(interval == Bootstrap(count: 30, rounds: 200, seed: 5).interval(mean))
        #expect(interval != Bootstrap(count: 30, rounds: 200, seed: 6).interval(mean))
        #expect(interval.low < 14.5 && interval.high > 14.5)
        #expect(bootstrap.interval { _ in 0.25 } == Bootstrap.Interval(low: 0.25, high: 0.25))
        #expect(bootstrap.interval { _ in nil } == nil)
    }

    private let classes = ["a", "b", "c"]

    @Test("Without labels of the whole, what has no annotation is absent; with them only where they say so")
    func reference() throws {
        let times = ReferenceAnnotations(AnnotationSet([Annotation(start: 0, end: 1, instrument: "a")]))
        let alone = try Reference(times, labels: nil, classes: classes)
        #expect(alone.spans == ["a": [TimeSpan(0, 1)], "b": [], "c": []])
        #expect(alone.presence == ["a": true, "b": false, "c": false] && !alone.isWithoutMusic)
        let both = try Reference(times, labels: ["b": false, "c": true], classes: classes)
        #expect(both.spans == ["a": [TimeSpan(0, 1)], "b": []] && both.presence == ["a": true, "b": false, "c": true])
        let labels = try Reference(nil, labels: ["a": false, "b": false, "c": false], classes: classes)
        #expect(labels.spans.isEmpty && !labels.hasTimes && labels.isWithoutMusic)
        #expect(try !Reference(nil, labels: ["a": false, "b": false], classes: classes).isWithoutMusic)
        let vague = ReferenceAnnotations(AnnotationSet(times.set.annotations), unknown: ["a", "b"])
        let unsure = try Reference(vague, labels: nil, classes: classes)
        #expect(unsure.spans == ["c": []] && unsure.presence == ["a": true, "c": false])
        #expect(throws: EvaluationError.contradiction(instrument: "a")) {
            try Reference(times, labels: ["a": false], classes: classes)
        }
    }
}
