// What is kept reads back the same: what was heard, results, and thresholds.

import Events
import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite("Keeping") struct KeepingTests {
    /// Two classes over two seconds: a is heard where it is, b is heard for it at the end.
    static let heard = Transcript(
        classes: ["a", "b"], hop: 512, rate: 44_100,
        activities: (0..<172).flatMap { frame -> [Float] in frame < 86 ? [0.9, 0.1] : [0.2, 0.7] },
        segments: [[TimeSpan(0.1, 1)], [TimeSpan(1.1, 1.9)]], estimates: [[TimeSpan(0, 0.9)], [TimeSpan(1, 1.8)]],
        notices: ["at 0.5 s: b"])

    static func result(_ name: String, sha256: String = "00") throws -> RecordingResult {
        let reference = try Reference(nil, labels: ["a": true, "b": false], classes: ["a", "b"])
        var timed = RecordingResult(
            name: name, sha256: sha256, heard: heard, reference: reference, settings: EvaluationSettings())
        var counts = FrameCounts()
        counts.block = Counts(hits: 9, falseAlarms: 2, misses: 10)
        timed.classes[0].frames = counts
        timed.classes[0].entries.count = 2
        timed.classes[0].entries.delays = [0.125]
        timed.classes[0].entries.errors = [-0.0625]
        return timed
    }

    @Test("What was heard is taken from the folder, unless the cache key changed or a file is damaged")
    func store() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kept-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = TranscriptStore(folder: folder.path)
        #expect(store.load("in/a", cacheKey: "x") == nil)
        try store.save(Self.heard, of: "in/a", cacheKey: "x")
        #expect(store.load("in/a", cacheKey: "x") == Self.heard)
        #expect(store.load("in/a", cacheKey: "y") == nil)
        for name in [String(repeating: "d", count: 120) + "/" + String(repeating: "é", count: 120) + "/a", "e/a"] {
            try store.save(Self.heard, of: name, cacheKey: "x")
            #expect(store.load(name, cacheKey: "x") == Self.heard)
        }
        let array = folder.appending(path: "in%a.npy")
        try Data(try Data(contentsOf: array).dropLast(3)).write(to: array)
        #expect(store.load("in/a", cacheKey: "x") == nil)
    }

    @Test(
        "NumPy reads the activities", .enabled(if: PythonPeer.isInstalled("numpy"), .init(rawValue: PythonPeer.reason)))
    func numpy() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kept-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try TranscriptStore(folder: folder.path).save(Self.heard, of: "a", cacheKey: "x")
        let text = try PythonPeer.run(
            "import numpy, sys; a = numpy.load(sys.argv[1]); print(a.shape, a.dtype, a[0, 0], a[171, 1])",
            arguments: [folder.path + "/a.npy"])
        #expect(text == "(172, 2) float32 0.9 0.7\n")
    }

    @Test("Results are read back as they were, but for what only the hearing knows")
    func results() throws {
        let evaluation = Evaluation(classes: ["a", "b"], recordings: [try Self.result("x"), try Self.result("y")])
        let saved = SavedResults(
            facts: [.init("set", .string("here"))], evaluation: evaluation, leftOut: [LeftOut("z", "z.wav: gone")])
        let read = try SavedResults(saved.json, file: "r.json")
        var plain = evaluation.recordings
        for index in plain.indices { plain[index].detail = nil }
        #expect(read.evaluation.recordings == plain)
        #expect(read.facts == saved.facts && read.leftOut == saved.leftOut)
        #expect(read.evaluation.figures[0].frames == evaluation.figures[0].frames)
        #expect(
            throws: EvaluationError.content(
                file: "r.json", problem: "it does not contain results of 'timbre evaluate --json'")
        ) {
            try SavedResults(Array("{}".utf8), file: "r.json")
        }
        var generator = SeededGenerator(4)
        for _ in 0..<2000 {
            guard let damaged = try? SavedResults(mutated(saved.json, using: &generator), file: "r.json") else {
                continue
            }
            _ = damaged.json
        }
    }

    @Test("The page names every figure and recording, and lets no text break it")
    func page() throws {
        let evaluation = Evaluation(classes: ["a", "b"], recordings: [try Self.result("x<script>&\"")])
        let html = EvaluationPage(
            SavedResults(facts: [.init("set", .string("<b>"))], evaluation: evaluation, leftOut: [LeftOut("z", "<i>")])
        ).html
        #expect(html.contains("x&lt;script&gt;&amp;&quot;") && !html.contains("<script") && !html.contains("<i>"))
        #expect(!html.contains("src=") && html.contains("href=\"data:,\"") && html.ranges(of: "href=").count == 1)
        #expect(html.contains("class=\"heard\"") && html.contains("<th>a</th>"))
        #expect(html.contains("<p class=\"lead\">1 recording, "))
        let linked = EvaluationPage(
            SavedResults(facts: [], evaluation: evaluation, leftOut: []), families: ["a": "brass"],
            reports: ["x<script>&\"": "r/\"x.html"]
        ).html
        #expect(linked.contains("<a href=\"r/&quot;x.html\">") && linked.contains("class=\"bar f-brass\""))
    }

    @Test("A thresholds file knows what it was tuned on, whatever the names")
    func thresholds() {
        let text = TunedThresholds.text(
            head: ["x"], choices: [.init(instrument: "violin", on: 0.25, off: 0.125, remark: "y")],
            recordings: [("ab12", "odd\nname"), ("cd34", "b c")])
        #expect(text.contains("\n[instrument.violin]\non = 0.25\noff = 0.125\n"))
        #expect(TunedThresholds(Array(text.utf8)).recordings == ["ab12", "cd34"])
        #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("[") || $0.hasPrefix("o") })
    }

    @Test("A comparison of a result with itself is no difference, with a worse one it is")
    func comparison() throws {
        let names = (0..<12).map { "\($0)" }
        let good = Evaluation(classes: ["a", "b"], recordings: try names.map { try Self.result($0, sha256: $0) })
        let worse = Evaluation(
            classes: ["b", "a"],
            recordings: good.recordings.map { recording in
                var other = recording
                other.detail = nil
                other.classes = recording.classes.reversed()
                other.classes[1].frames?.block = Counts(hits: 1, falseAlarms: 2, misses: 18)
                return other
            })
        let same = try Comparison(good, good, rounds: 50).rows(.frames)
        #expect(same.map(\.name) == ["a", "mean"])
        #expect(same.allSatisfy { $0.first == $0.second && $0.interval == .init(low: 0, high: 0) })
        let rows = try Comparison(good, worse, rounds: 50).rows(.frames)
        #expect(abs(rows[0].first - 0.6) < 1e-12 && rows[0].second < 0.1 && rows[0].interval?.excludesZero == true)
        let other = Evaluation(classes: ["a", "b"], recordings: [try Self.result("x", sha256: "other")])
        #expect(throws: EvaluationError.self) { try Comparison(good, other) }
    }
}
