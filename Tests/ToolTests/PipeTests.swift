// Promise 8, kept by whatever opens a file: a FIFO that nobody writes never holds the tool.

import Foundation
import SceneFixtures
import Testing

@Suite("fifo-hang") struct PipeTests {
    @Test(
        "A FIFO in the place of any file is refused at once, by name",
        arguments: [
            "replay PIPE.wav", "export -f csv PIPE.wav", "export -f csv PIPE.jsonl", "report PIPE.wav",
            "report --audio PIPE.wav EVENTS.jsonl", "evaluate PIPE.csv", "evaluate FOLDER", "tune FOLDER",
            "tune PIPE.csv",
            "evaluate MANIFEST.csv", "check-config PIPE.conf", "replay --config PIPE.conf WAVE.wav",
            "replay --model PIPE.safetensors WAVE.wav", "evaluate --thresholds PIPE.conf FOLDER",
            "model -m PIPE.safetensors",
            "compare PIPE.json PIPE.json", "features --front-end PIPE.json", "export -f csv SESSION",
            "annotate PIPE.wav -o OUT", "bridge --config PIPE.conf",
            "run source file:PIPE.wav", "sessions repair SESSION",
        ])
    func refused(words: String) throws {
        let scene = try Scene()
        let folder = scene.folder.path
        for ending in ["wav", "csv", "jsonl", "conf", "safetensors", "json"] {
            #expect(mkfifo("\(folder)/PIPE.\(ending)", 0o600) == 0)
        }
        _ = try scene.wave("WAVE.wav", Scene.tones([], seconds: 0.2))
        let hello = try timbre("replay", "-m", scene.model, "\(folder)/WAVE.wav").text
        try Data(hello.utf8).write(to: URL(filePath: folder + "/EVENTS.jsonl"))
        try Data("audio,reference\nPIPE.wav,PIPE.csv\n".utf8).write(to: URL(filePath: folder + "/MANIFEST.csv"))
        for name in ["FOLDER", "SESSION"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: false)
        }
        for path in ["FOLDER/PIPE.wav", "FOLDER/PIPE.csv", "SESSION/session.json", "SESSION/events.jsonl"] {
            #expect(mkfifo("\(folder)/\(path)", 0o600) == 0)
        }
        let names = /\b(?=PIPE\.|FOLDER|MANIFEST|EVENTS|WAVE|SESSION|OUT)/.wordBoundaryKind(.simple)
        let arguments = words.split(separator: " ").map { String($0).replacing(names, with: folder + "/") }
        let run = try run("timeout", ["-s", "KILL", "30", RunningDaemon.program("timbre").path] + arguments)
        #expect((64..<79).contains(run.status), "\(run.status): \(run.text)")
        #expect(run.text.contains("not a regular file"), "\(run.text)")
    }
}
