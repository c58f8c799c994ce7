// `timbre evaluate` against a script that computes the same with sed_eval and scikit-learn.

import Evaluation
import Foundation
import SceneFixtures
import TestSupport
import Testing

@Suite(
    "timbre evaluate and its peers",
    .enabled(if: PythonPeer.isInstalled("sed_eval", "sklearn"), .init(rawValue: PythonPeer.reason)))
struct EvaluatePeerTests {
    private static let script = packageRoot.appending(path: "Tests/peers/evaluate_reference.py").path

    private func compare(_ set: String, _ kept: String, _ json: String) throws -> String {
        let call = "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
        return try PythonPeer.run(call, arguments: [Self.script, set, kept, json])
    }

    @Test("An independent script with sed_eval and scikit-learn computes the same figures, and sees a false one")
    func agree() throws {
        let set = try SoundSet.ordinary()
        try set.write("labels.csv", "clip,cello,horn,oboe,flute,drums\na,1,1,,0,0\nb,,0,1,,0\nc,0,0,0,0,0\n")
        let (kept, json) = (set.beside("kept"), set.beside("r.json"))
        let run = try set.run("evaluate", set.path, "--resume", kept, "--json", json)
        #expect(run.status == 0, "\(run.text)")
        #expect(try compare(set.path, kept, json).contains("figures of 3 recordings compared"))
        let text = String(decoding: try FileContent.read(json), as: UTF8.self)
        let wrong = text.replacing(/"frame_average_precision":(0\.\d+|1)/, with: "\"frame_average_precision\":0.123")
        try Data(wrong.utf8).write(to: URL(filePath: json))
        #expect(throws: PythonPeer.Failure.self) { try compare(set.path, kept, json) }
    }

    @Test(
        "The same holds on real recordings with partial labels",
        .enabled(
            if: FileManager.default.fileExists(atPath: realset + "/labels.csv"),
            "TIMBRE_DATA does not name a folder with realset/labels.csv"))
    func real() throws {
        let set = try SoundSet()
        try FileManager.default.createDirectory(atPath: set.path + "/audio", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: set.path + "/frames", withIntermediateDirectories: true)
        let labels = String(decoding: try FileContent.read(realset + "/labels.csv"), as: UTF8.self)
        try set.write("labels.csv", labels)
        for name in ["seq_dev_00", "seq_dev_01", "mdn_drums", "noise_robin", "fsd_cello_00353774"] {
            for file in ["audio/\(name).opus", "frames/\(name).csv"] where FileContent.exists("\(realset)/\(file)") {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(set.path)/\(file)", withDestinationPath: "\(realset)/\(file)")
            }
        }
        let (kept, json) = (set.beside("kept"), set.beside("r.json"))
        // The labels name recordings that are not here: the set is not whole, and the rest is evaluated.
        let arguments = ["evaluate", set.path, "--resume", kept, "--json", json]
        let run = try ToolTests.run(RunningDaemon.program("timbre").path, arguments + ["-m", bundledModel])
        #expect(run.status == 65)
        #expect(try compare(set.path, kept, json).contains("compared"))
    }
}

private let realset = (ProcessInfo.processInfo.environment["TIMBRE_DATA"] ?? "") + "/realset"
private let bundledModel = packageRoot.appending(path: "models/default.safetensors").path
