// Every metric agrees with the library that the field trusts, on random material and at the edges.

import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite(
    "Metrics agree with Python's",
    .enabled(if: PythonPeer.isInstalled("sed_eval", "mir_eval", "sklearn"), .init(rawValue: PythonPeer.reason)))
struct PeerTests {
    /// Two lists of events and how long the recording is.
    private struct Scene: Encodable {
        var reference: [[Double]]
        var heard: [[Double]]
        var duration = 20.0

        var spans: ([TimeSpan], [TimeSpan]) {
            (reference.map { TimeSpan($0[0], $0[1]) }, heard.map { TimeSpan($0[0], $0[1]) })
        }
    }

    /// Random events, overlapping ones among them, and the edges: nothing on one side or on both, the same on both, events
    /// that touch and events that pass the end.
    private static let scenes: [Scene] = {
        var generator = SeededGenerator(11)
        func events(_ count: Int) -> [[Double]] {
            (0..<count).map { _ in
                let start = Double.random(in: 0..<18, using: &generator)
                return [start, start + Double.random(in: 0.05...2, using: &generator)]
            }.sorted { $0[0] < $1[0] }
        }
        let random = (0..<40).map { _ -> Scene in
            let reference = events(Int.random(in: 0...25, using: &generator))
            let near = reference.map { event in event.map { $0 + Double.random(in: -0.3...0.3, using: &generator) } }
                .filter { $0[0] >= 0 && $0[1] > $0[0] }
            return Scene(reference: reference, heard: (near + events(5)).sorted { $0[0] < $1[0] })
        }
        let some = events(6)
        return random + [
            Scene(reference: [], heard: []), Scene(reference: some, heard: []), Scene(reference: [], heard: some),
            Scene(reference: some, heard: some), Scene(reference: [[0, 1], [1, 2]], heard: [[0, 2]]),
            Scene(reference: [[19, 20]], heard: [[19.5, 20]], duration: 19.7),
            Scene(reference: [[1, 3], [1, 3]], heard: [[1, 3]]), Scene(reference: [[0, 20]], heard: [[0.001, 20]]),
        ]
    }()

    private func ask<Answer: Decodable>(_ script: String, about input: some Encodable) throws -> Answer {
        let text = try PythonPeer.run(script, input: Array(JSONEncoder().encode(input)))
        return try JSONDecoder().decode(Answer.self, from: Data(text.utf8))
    }

    /// True positives, and precision, recall and F1 with 0 where they are not defined.
    private func expect(_ counts: Counts, _ answer: [Double], _ note: String) {
        for (ours, theirs) in zip([counts.precision, counts.recall, counts.f1], answer) {
            #expect(abs(ours - theirs) < 1e-6, "\(note): \(ours) and \(theirs)")
        }
    }

    @Test("Counts by time are those of sed_eval's segments", arguments: [512 / 44_100.0, 4608 / 44_100.0, 1])
    func segments(resolution: Double) throws {
        struct Question: Encodable {
            let scenes: [Scene]
            let resolution: Double
        }
        let answers: [[Double]] = try ask(
            """
            import json, sys, math, sed_eval
            question = json.load(sys.stdin)
            def events(spans): return [{"event_label": "a", "onset": s, "offset": e} for s, e in spans]
            answers = []
            for scene in question["scenes"]:
                metric = sed_eval.sound_event.SegmentBasedMetrics(["a"], time_resolution=float(question["resolution"]))
                metric.evaluate(events(scene["reference"]), events(scene["heard"]), evaluated_length_seconds=scene["duration"])
                f = metric.class_wise_f_measure("a")
                answers.append([0 if math.isnan(f[k]) else f[k] for k in ("precision", "recall", "f_measure")])
            print(json.dumps(answers))
            """, about: Question(scenes: Self.scenes, resolution: resolution))
        for (index, (scene, answer)) in zip(Self.scenes, answers).enumerated() {
            let (reference, heard) = scene.spans
            let counts = Segments.compare(
                reference: reference, heard: heard, resolution: resolution, duration: scene.duration)
            expect(counts, answer, "scene \(index)")
        }
    }

    @Test("Counts by event are those of sed_eval, with and without offsets", arguments: [true, false])
    func events(withOffsets: Bool) throws {
        struct Question: Encodable {
            let scenes: [Scene]
            let offsets: Bool
        }
        let answers: [[Double]] = try ask(
            """
            import json, sys, math, sed_eval
            question = json.load(sys.stdin)
            def events(spans): return [{"event_label": "a", "onset": s, "offset": e} for s, e in spans]
            answers = []
            for scene in question["scenes"]:
                metric = sed_eval.sound_event.EventBasedMetrics(["a"], evaluate_offset=question["offsets"])
                metric.evaluate(events(scene["reference"]), events(scene["heard"]))
                f = metric.class_wise_f_measure("a")
                answers.append([0 if math.isnan(f[k]) else f[k] for k in ("precision", "recall", "f_measure")])
            print(json.dumps(answers))
            """, about: Question(scenes: Self.scenes, offsets: withOffsets))
        let matching = withOffsets ? EventMatching() : EventMatching().onsetsOnly
        for (index, (scene, answer)) in zip(Self.scenes, answers).enumerated() {
            let (reference, heard) = scene.spans
            expect(matching.compare(reference: reference, heard: heard), answer, "scene \(index)")
        }
    }

    @Test("With its tolerances, pairs are as many as mir_eval's transcription metrics make")
    func transcription() throws {
        let answers: [[Double]] = try ask(
            """
            import json, sys, numpy as np, mir_eval
            answers = []
            for scene in json.load(sys.stdin):
                r, h = np.array(scene["reference"]).reshape(-1, 2), np.array(scene["heard"]).reshape(-1, 2)
                if len(r) == 0 or len(h) == 0:
                    answers.append([0, 0, 0])
                    continue
                p, q, f, _ = mir_eval.transcription.precision_recall_f1_overlap(
                    r, np.full(len(r), 440.0), h, np.full(len(h), 440.0))
                answers.append([p, q, f])
            print(json.dumps(answers))
            """, about: Self.scenes)
        let matching = EventMatching(onset: 0.05, offset: .init(minimum: 0.05, share: 0.2))
        for (index, (scene, answer)) in zip(Self.scenes, answers).enumerated() {
            let (reference, heard) = scene.spans
            expect(matching.compare(reference: reference, heard: heard), answer, "scene \(index)")
        }
    }

    /// Labels and scores.
    private struct Items: Encodable {
        var labels: [Bool]
        var scores: [Double]
    }

    /// Random, with many ties, without one of the two classes, all the same, and nearly nothing.
    private static let rankings: [Items] = {
        var generator = SeededGenerator(12)
        func items(_ count: Int, _ score: (inout SeededGenerator) -> Double, share: Double = 0.3) -> Items {
            Items(
                labels: (0..<count).map { _ in Double.random(in: 0..<1, using: &generator) < share },
                scores: (0..<count).map { _ in score(&generator) })
        }
        return (0..<20).map { _ in items(200) { Double.random(in: 0...1, using: &$0) } }
            + (0..<20).map { _ in items(100) { Double(Int.random(in: 0...5, using: &$0)) / 5 } }
            + [
                items(30, { Double.random(in: 0...1, using: &$0) }, share: 0),
                items(30, { Double.random(in: 0...1, using: &$0) }, share: 1), items(30) { _ in 0.5 },
                Items(labels: [true], scores: [0.3]), Items(labels: [true, false], scores: [0, 1]),
            ]
    }()

    @Test("Average precision, ROC area, quantiles and two-class scores are those of scikit-learn and NumPy")
    func rankings() throws {
        struct Answer: Decodable {
            let ap: Double?
            let auc: Double?
            let report: [Double]
            let present: [Double]
            let quantiles: [Double]
        }
        let answers: [Answer] = try ask(
            """
            import json, sys, numpy as np
            from sklearn.metrics import average_precision_score, classification_report, roc_auc_score
            answers = []
            for items in json.load(sys.stdin):
                y, s = np.array(items["labels"]), np.array(items["scores"])
                report = classification_report(y, s >= 0.5, output_dict=True, zero_division=0)
                one = lambda row: [row["precision"], row["recall"], row["f1-score"]]
                answers.append({
                    "ap": average_precision_score(y, s) if y.any() else None,
                    "auc": roc_auc_score(y, s) if y.any() and not y.all() else None,
                    "report": one(report["macro avg"]), "present": one(report.get("True", report["macro avg"])),
                    "quantiles": list(np.percentile(s, [50, 95]))})
            print(json.dumps(answers))
            """, about: Self.rankings)
        for (items, answer) in zip(Self.rankings, answers) {
            let ranking = Ranking(labels: items.labels, scores: items.scores)
            #expect((ranking.averagePrecision == nil) == (answer.ap == nil))
            #expect((ranking.area == nil) == (answer.auc == nil))
            let counts = ranking.counts(atLeast: 0.5)
            let two = TwoClassScore(counts, total: items.labels.count)
            var ours = [two.precision, two.recall, two.f1]
            ours += [ranking.averagePrecision ?? 0, ranking.area ?? 0]
            ours += [Quantile.of(items.scores, 0.5) ?? 0, Quantile.of(items.scores, 0.95) ?? 0]
            let theirs = answer.report + [answer.ap ?? 0, answer.auc ?? 0] + answer.quantiles
            for (one, other) in zip(ours, theirs) { #expect(abs(one - other) < 1e-6) }
            if items.labels.contains(true) { expect(counts, answer.present, "present") }
        }
    }
}
