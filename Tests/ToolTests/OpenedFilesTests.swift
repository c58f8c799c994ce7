// What a run over many recordings opens: the models once, each recording, and nothing for each of them that is the same.

import Foundation
import SceneFixtures
import Testing

@Suite(
    "Opened files",
    .enabled(if: PreloadedLibrary.isMissing == nil, Comment(rawValue: PreloadedLibrary.isMissing ?? "")))
struct OpenedFilesTests {
    @Test("The models are loaded once for all recordings of a run, however many work at a time", arguments: [1, 3])
    func models(jobs: Int) throws {
        let set = try SoundSet.ordinary()
        let library = try PreloadedLibrary.make(
            packageRoot.appending(path: "Tests/CParts/opened.c").path, in: set.scene.folder.path)
        let verbs = [
            ["evaluate", set.path], ["annotate", set.path, "--out", set.beside("out")],
            ["tune", set.path, "--out", set.beside("thresholds.conf")],
        ]
        for verb in verbs {
            let log = set.beside("opened-\(verb[0])")
            let result = try run(
                RunningDaemon.program("timbre").path,
                [verb[0], "-m", set.scene.model, "--jobs", "\(jobs)"] + verb.dropFirst(),
                environment: ["LD_PRELOAD": library, "TIMBRE_OPENED": log])
            #expect(result.status == 0, "\(result.text)")
            let opened = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
            #expect(opened.count { $0.hasSuffix("set/a.wav") } > 0, "\(opened)")
            #expect(opened.count { $0 == set.scene.model } == 1, "\(verb[0]): \(opened)")
            #expect(opened.count { $0.hasSuffix(".safetensors") } <= 2, "\(verb[0]): \(opened)")
        }
    }
}
