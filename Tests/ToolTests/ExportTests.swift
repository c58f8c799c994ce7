// `timbre export`, run as a person runs it.

import Annotations
import Foundation
import Recording
import SceneFixtures
import Testing

@testable import timbre

@Suite struct ExportTests {
    private static func events(_ scene: Scene, channels: String = "mix") throws -> (audio: String, events: String) {
        let audio = try scene.wave("tones.wav", Scene.tones([(.cello, 0.5, 1.2), (.horn, 1.6, 2.4)], seconds: 3))
        let file = scene.folder.appending(path: "tones.jsonl").path
        let lines = try timbre("replay", "-m", scene.model, "--channels", channels, audio).text
        try Data(lines.utf8).write(to: URL(filePath: file))
        return (audio, file)
    }

    @Test("A recording and its saved events export the same, in every format, to a file as to standard output")
    func formats() throws {
        let scene = try Scene()
        let (audio, events) = try Self.events(scene)
        for format in ExportFormat.all {
            let out = scene.folder.appending(path: "out.\(format.name)")
            let result = try timbre("export", "-f", format.name, "-o", out.path, events)
            #expect(result.status == 0 && result.text == "", "\(format): \(result.text)")
            let bytes = try Data(contentsOf: out)
            #expect(!bytes.isEmpty)
            #expect(
                try Data(timbre("export", "-f", format.name, events).text.utf8).count >= bytes.count, "\(format)")
        }
        let table = try timbre("export", "-f", "csv", events).text
        #expect(try timbre("export", "-m", scene.model, "-f", "csv", audio).text == table)
        let names = table.split(separator: "\n").dropFirst().map { String($0.split(separator: ",")[2]) }
        #expect(names == ["cello", "horn"])
    }

    @Test("Marks that a format has no place for are counted, not lost in silence")
    func marks() throws {
        let scene = try Scene()
        let (_, events) = try Self.events(scene)
        let mark = "{\"seq\":99,\"type\":\"mark\",\"stream\":\"main\",\"t\":1.0,\"frame\":44100,\"text\":\"here\"}\n"
        try Data((try String(contentsOfFile: events, encoding: .utf8) + mark).utf8).write(to: URL(filePath: events))
        #expect(try timbre("export", "-f", "rttm", events).text.contains("rttm does not support marks; 1 are left out"))
        #expect(try timbre("export", "-f", "audacity", events).text.contains("1.000000\t1.000000\there\n"))
    }

    @Test("A session's times are those of its sound, its end is the sound's, and its report plays it")
    func session() throws {
        let scene = try Scene()
        let (audio, events) = try Self.events(scene)
        let plain = try timbre("export", "-f", "csv", events).text.split(separator: "\n").map {
            $0.split(separator: ",")
        }
        let folder = scene.folder.appending(path: "2026-11-21 evening")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: events, toPath: folder.path + "/events.jsonl")
        try FileManager.default.copyItem(atPath: audio, toPath: folder.path + "/audio.flac")
        // The stream began a quarter of a second after the sound.
        var manifest = SessionManifest()
        manifest.state = .closed
        manifest.software = "timbred 9.9"
        (manifest.source, manifest.streams, manifest.recording) = ("alsa:default", ["main"], "2026-11-21 evening")
        (manifest.rate, manifest.channels, manifest.streamRate, manifest.hop) = (44_100, 1, 44_100, 512)
        manifest.frames = 3 * 44_100
        manifest.files = [.init(name: "audio.flac", firstChannel: 1, channels: 1)]
        manifest.anchors = [.init(stream: "main", frame: 0, audioFrame: 11_025)]
        (manifest.trigger, manifest.end) = ("asked", "asked")
        try Data(manifest.json).write(to: folder.appending(path: "session.json"))

        let text = try timbre("export", "-f", "csv", folder.path).text
        let rows = text.split(separator: "\n").map { $0.split(separator: ",") }
        #expect(rows.count == plain.count, "\(text)")
        for (row, before) in zip(rows, plain).dropFirst() {
            for column in 0..<2 {
                let (moved, time) = try (#require(Double(row[column])), #require(Double(before[column])))
                #expect(abs(moved - min(3, time + 0.25)) < 2e-5, "a frame")
            }
        }
        #expect(try timbre("export", "-f", "jams", folder.path).text.contains("\"annotation_tools\":\"timbred 9.9\""))
        let page = scene.folder.appending(path: "page.html")
        #expect(try timbre("report", folder.path, "--link", "-o", page.path).status == 0)
        let shown = try String(contentsOf: page, encoding: .utf8)
        #expect(shown.contains("src=\"2026-11-21%20evening/audio.flac\"") && shown.contains("class=\"lane wave\""))
    }

    @Test("Where there are several streams one must be named")
    func streams() throws {
        let scene = try Scene()
        let (_, events) = try Self.events(scene, channels: "each")
        let line = try String(contentsOfFile: events, encoding: .utf8).split(separator: "\n")[2]
        let other = line.split(separator: "\"main.1\"").joined(separator: "\"main.2\"")
        try Data((try String(contentsOfFile: events, encoding: .utf8) + other + "\n").utf8).write(
            to: URL(filePath: events))
        let unnamed = try timbre("export", "-f", "csv", events)
        #expect(unnamed.status == 64 && unnamed.text.contains("the streams are main.1, main.2"), "\(unnamed.text)")
        #expect(try timbre("export", "-f", "csv", "-s", "main.1", events).text.contains("cello"))
        #expect(try timbre("export", "-f", "csv", "-s", "nobody", events).status == 64)
    }

    @Test("A title keeps its dots, and loses only the suffixes of audio and of events")
    func titles() {
        for (path, title) in [
            ("a/track.01", "track.01"), ("a/track.01.wav", "track.01"), ("B.FLAC", "B"), ("evening.jsonl", "evening"),
            ("events.json", "events"), ("film.2026.mp4", "film.2026.mp4"), ("a/.wav", ".wav"),
        ] {
            #expect(Detections.title(of: path) == title)
        }
        #expect(Detections.title(ofFolder: packageRoot.path + "/Tests/ToolTests/..") == "Tests")
    }

    @Test("Audio that is shorter than a hop has no activities, and its arrays are empty, as those of annotate")
    func short() throws {
        let scene = try Scene()
        let audio = try scene.wave("short.wav", [Float](repeating: 0.1, count: 300))
        let out = scene.folder.appending(path: "out").path
        #expect(try timbre("annotate", "-m", scene.model, "-f", "npz,activities-csv", "-o", out, audio).status == 0)
        for (format, ending) in [("npz", ".npz"), ("activities-csv", ".activities.csv")] {
            let file = scene.folder.appending(path: format)
            let run = try timbre("export", "-m", scene.model, "-f", format, "-o", file.path, audio)
            #expect(run.status == 0, "\(run.text)")
            #expect(try Data(contentsOf: file) == Data(contentsOf: URL(filePath: "\(out)/short.wav\(ending)")))
        }
    }

    @Test("What cannot be exported is refused with file and line, and leaves what stood there before")
    func refusals() throws {
        let scene = try Scene()
        let (_, events) = try Self.events(scene)
        let out = scene.folder.appending(path: "out.csv")
        try Data("precious\n".utf8).write(to: out)
        let broken = scene.folder.appending(path: "broken.jsonl").path
        try Data("{\"seq\":1,\"type\":\"on\"}\n".utf8).write(to: URL(filePath: broken))
        let empty = scene.folder.appending(path: "empty.jsonl").path
        try Data().write(to: URL(filePath: empty))
        for (arguments, status, words) in [
            (["-f", "csv", broken], 65, "broken.jsonl:1: "), (["-f", "csv", empty], 65, "the file contains no events"),
            (["-f", "csv", "/no/such"], 66, "/no/such: No such file"),
            (["-f", "xml", events], 64, "--format requires one of"),
            ([events], 64, "--format is missing"),
            (["-f", "csv", scene.folder.path], 65, "session.json"),
        ] as [([String], Int32, String)] {
            let result = try run(
                RunningDaemon.program("timbre").path, ["export", "-o", out.path] + arguments)
            #expect(result.status == status && result.text.contains(words), "\(arguments): \(result.text)")
        }
        #expect(try String(contentsOf: out, encoding: .utf8) == "precious\n")
        let full = try timbre("export", "-f", "csv", "-o", "/dev/full", events)
        #expect(full.status == 74 && full.text.contains("/dev/full: cannot be written: No space left"))
        let names = try FileManager.default.contentsOfDirectory(atPath: scene.folder.path)
        #expect(!names.contains { $0.hasSuffix(".part") })
    }
}
