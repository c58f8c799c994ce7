// The two papers' metrics, against reference values that come with the outside data.

import Foundation
import TestSupport
import Testing

@testable import Evaluation

private let golden = ProcessInfo.processInfo.environment["TIMBRE_DATA"].map { $0 + "/golden" } ?? ""

@Suite(
    "Golden metrics",
    .enabled(
        if: FileManager.default.fileExists(atPath: golden + "/metric_hung.npz"),
        "TIMBRE_DATA does not name a folder with golden/metric_hung.npz"),
    .enabled(if: PythonPeer.isInstalled("numpy"), .init(rawValue: PythonPeer.reason)))
struct GoldenMetricTests {
    /// An archive of NumPy as JSON; numbers are written so that they read back the same.
    private func archive<Content: Decodable>(_ name: String) throws -> Content {
        let script = """
            import json, sys, numpy
            print(json.dumps({k: v.astype(float).tolist() for k, v in numpy.load(sys.argv[1]).items()}))
            """
        let text = try PythonPeer.run(script, arguments: ["\(golden)/\(name).npz"])
        return try JSONDecoder().decode(Content.self, from: Data(text.utf8))
    }

    @Test("Hung & Yang: the first threshold of best F1 among 0, 0.01, ... 0.99, and what it gives")
    func hung() throws {
        struct Content: Decodable {
            let y: [[Double]], p: [[Double]], threshold_F1_R_P: [[Double]]
        }
        let content: Content = try archive("metric_hung")
        for column in content.threshold_F1_R_P.indices {
            // The reference values were computed with the candidates 0 and 0.01 to 0.99.
            var search = ThresholdSearch(candidates: [0] + ThresholdSearch.candidates)
            for (labels, scores) in zip(content.y, content.p) { search.append(labels[column] > 0, scores[column]) }
            let best = try #require(search.best())
            let ours = [best.threshold, best.counts.f1, best.counts.recall, best.counts.precision]
            for (one, other) in zip(ours, content.threshold_F1_R_P[column]) { #expect(abs(one - other) < 1e-6) }
        }
    }

    @Test("AttentionMIC: the mean over present and absent on known labels, and F1 of present alone")
    func openmic() throws {
        struct Content: Decodable {
            let Y: [[Double]], M: [[Double]], P: [[Double]], per_instrument_PRF: [[Double]], pos_only_F1: [Double]
        }
        let content: Content = try archive("metric_openmic")
        var sum = 0.0
        for column in content.pos_only_F1.indices {
            var ranking = Ranking()
            for row in content.Y.indices where content.M[row][column] > 0 {
                ranking.append(content.Y[row][column] >= 0.5, content.P[row][column])
            }
            let counts = ranking.counts(atLeast: ClipFigures.threshold)
            let two = TwoClassScore(counts, total: ranking.labels.count)
            for (one, other) in zip([two.precision, two.recall, two.f1], content.per_instrument_PRF[column]) {
                #expect(abs(one - other) < 1e-6)
            }
            #expect(abs(counts.f1 - content.pos_only_F1[column]) < 1e-6)
            sum += two.f1
        }
        #expect(abs(sum / 20 - 0.7890168314442296) < 1e-6)
    }
}
