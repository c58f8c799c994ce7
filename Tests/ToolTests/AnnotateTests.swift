// `timbre annotate` over recordings made for the tests.

import Annotations
import Foundation
import SceneFixtures
import TestSupport
import Testing

@testable import timbre

@Suite("timbre annotate") struct AnnotateTests {
    /// Every file below a folder with its bytes.
    private func tree(_ folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            var isFolder: ObjCBool = false
            let path = "\(folder)/\(name)"
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
                files[name] = try Data(contentsOf: URL(filePath: path))
            }
        }
        return files
    }

    private func nested() throws -> SoundSet {
        let set = try SoundSet.ordinary()
        try FileManager.default.createDirectory(atPath: set.path + "/more", withIntermediateDirectories: true)
        try FileManager.default.moveItem(atPath: set.path + "/c.wav", toPath: set.path + "/more/c.wav")
        return set
    }

    @Test("The results have the same bytes however many recordings are heard at once, and are those of export")
    func formats() throws {
        let set = try nested()
        let names = ResultFormat.all.map(\.name)
        var trees: [[String: Data]] = []
        for jobs in ["1", "3"] {
            let out = set.beside("out\(jobs)")
            let run = try set.run("annotate", set.path, "-o", out, "-f", names.joined(separator: ","), "-j", jobs)
            #expect(run.status == 0, "\(run.text)")
            #expect(run.text.contains("3 recordings, 0.1 min, annotated in \(out)"))
            trees.append(try tree(out))
        }
        #expect(trees[0] == trees[1])
        #expect(trees[0].count == 3 * (names.count + 1) + 1)
        for (name, format) in ResultFormat.all where format != .events {
            let export = set.beside("export")
            #expect(try set.run("export", "-f", name, "-o", export, set.path + "/more/c.wav").status == 0)
            #expect(try trees[0]["more/c.wav" + format.ending] == Data(contentsOf: URL(filePath: export)), "\(name)")
        }
        let lines = try set.run("replay", set.path + "/a.wav").text
        #expect(trees[0]["a.wav.jsonl"] == Data(lines.utf8))
        let table = String(decoding: trees[0]["recordings.csv"] ?? Data(), as: UTF8.self)
        let rows = table.split(separator: "\n").map { $0.split(separator: ",") }
        #expect(rows.map { String($0[0]) } == ["recording", "a.wav", "b.wav", "more/c.wav"])
        let cello = try #require(rows[0].firstIndex(of: "cello"))
        #expect((Double(rows[1][cello]) ?? 0) > 0.5 && rows[2][cello] == "0")
        let summary = try #require(RecordingSummary(json: Array(trees[0]["a.wav.timbre.json"] ?? Data())))
        #expect(summary.instruments.map(\.name) == ["cello", "horn"] && summary.duration == 3)
    }

    @Test("What cannot be heard is named, the rest goes on, nothing half-written is left, and the status says so")
    func badInput() throws {
        let set = try SoundSet.ordinary()
        let whole = try Data(contentsOf: URL(filePath: set.path + "/a.wav"))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: set.path + "/cut.wav"))
        try set.write("text.flac", "no audio")
        let out = set.beside("out")
        let run = try set.run("annotate", set.path, set.path + "/lost.wav", "-o", out, "-f", "csv,npz")
        #expect(run.status == 65)
        #expect(run.text.contains("3 of 6 failed; \(out)/failed.csv lists them"), "\(run.text)")
        let files = try tree(out)
        let failed = String(decoding: files["failed.csv"] ?? Data(), as: UTF8.self).split(separator: "\n")
        #expect(failed.count == 4 && failed[0] == "recording,problem")
        #expect(failed[1].hasPrefix("lost.wav,") && failed[1].contains("No such file"))
        #expect(failed[2].hasPrefix("cut.wav,") && failed[2].contains("before the length in its header"))
        #expect(failed[3].hasPrefix("text.flac,") && failed[3].contains("cannot be used"))
        #expect(files.count == 3 * 3 + 2)
        // When all is well again, nothing says otherwise.
        for name in ["cut.wav", "text.flac"] { try FileManager.default.removeItem(atPath: "\(set.path)/\(name)") }
        #expect(try set.run("annotate", set.path, "-o", out, "-f", "csv,npz", "--resume").status == 0)
        #expect(try tree(out)["failed.csv"] == nil)
    }

    @Test("A run that was killed goes on where it was, and leaves what an undisturbed one leaves")
    func resumed() throws {
        let set = try SoundSet.ordinary()
        for index in 0..<6 { try set.record("n\(index)", [(.cello, 0.5, 3)], seconds: 8) }
        let out = set.beside("out")
        let process = Process()
        process.executableURL = RunningDaemon.program("timbre")
        process.arguments = ["annotate", "-m", set.scene.model, "-j", "1", set.path, "-o", out, "-f", "csv,npz"]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let end = Date() + 120
        while !FileManager.default.fileExists(atPath: out + "/a.wav.timbre.json"), process.isRunning, Date() < end {
            usleep(1000)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        func made(_ name: String) throws -> Date? {
            try FileManager.default.attributesOfItem(atPath: "\(out)/\(name)")[.modificationDate] as? Date
        }
        let first = try made("a.wav.csv")
        let again = try set.run("annotate", set.path, "-o", out, "-f", "csv,npz", "--resume")
        #expect(again.status == 0, "\(again.text)")
        #expect(try made("a.wav.csv") == first)
        #expect(try set.run("annotate", set.path, "-o", set.beside("fresh"), "-f", "csv,npz").status == 0)
        let kept = try tree(out).filter { !$0.key.hasSuffix(".part") }
        #expect(try kept == tree(set.beside("fresh")))
    }

    @Test("What is there already is heard again when audio, settings, channel or formats are others")
    func stale() throws {
        let set = try SoundSet()
        try set.record("a", [(.cello, 0.5, 1.5)], seconds: 2)
        let out = set.beside("out")
        func annotate(_ options: String...) throws -> String {
            let arguments = ["annotate", "-m", set.scene.model, set.path, "-o", out, "--resume"] + options
            let run = try ToolTests.run(RunningDaemon.program("timbre").path, arguments)
            #expect(run.status == 0, "\(run.text)")
            return String(decoding: try Data(contentsOf: URL(filePath: out + "/a.wav.timbre.json")), as: UTF8.self)
        }
        let first = try annotate()
        // Only what is taken from the folder can say this.
        try Data(first.replacing("timbred", with: "an earlier run of timbred").utf8).write(
            to: URL(filePath: out + "/a.wav.timbre.json"))
        #expect(try annotate().contains("an earlier run"))
        #expect(try !annotate("-f", "jams,csv").contains("an earlier run"))
        // What another run left of a format is not taken for this run's.
        #expect(try annotate("--channels", "1", "-f", "jams") != first)
        try Data("old".utf8).write(to: URL(filePath: out + "/a.wav.csv"))
        _ = try annotate("--channels", "1", "-f", "jams,csv")
        #expect(try Data(contentsOf: URL(filePath: out + "/a.wav.csv")) != Data("old".utf8))
        try set.write("quick.conf", "[events]\ngate_hold_ms = 321\n")
        #expect(try annotate("-c", set.path + "/quick.conf").contains("321"))
        try set.record("a", [(.horn, 0.5, 1.5)], seconds: 2)
        #expect(try annotate("-c", set.path + "/quick.conf").contains("horn"))
    }

    @Test("Recordings may be named by a list or a manifest, and results that would have one name are refused")
    func lists() throws {
        let set = try nested()
        try set.write("list.csv", "audio,name\na.wav,first\nmore/c.wav,\nlost.wav,\n,\n")
        let out = set.beside("out")
        let run = try set.run("annotate", "--manifest", set.path + "/list.csv", "-o", out)
        #expect(run.status == 65 && run.text.contains("list.csv:5: the audio is missing"), "\(run.text)")
        #expect(try Set(tree(out).keys).isSuperset(of: ["first.jams", "more/c.wav.jams", "failed.csv"]))
        let program = RunningDaemon.program("timbre").path
        let script = "echo \(set.path)/a.wav | \(program) annotate -m \(set.scene.model) -o \(set.beside("piped")) -"
        #expect(try ToolTests.run("sh", ["-c", script]).status == 0)
        #expect(try tree(set.beside("piped")).keys.contains { $0.hasSuffix("set/a.wav.jams") })
        let twice = try set.run("annotate", set.path, set.path + "/a.wav", "-o", out)
        #expect(twice.status == 0 && twice.text.contains("3 recordings, "), "the same path: \(twice.text)")
        try FileManager.default.copyItem(atPath: set.path + "/a.wav", toPath: set.beside("a.wav"))
        let other = try set.run("annotate", set.path, set.beside("a.wav"), "-o", out)
        #expect(other.status == 64 && other.text.contains("would have the same result name, a.wav"), "\(other.text)")
        try set.write("table.csv", "audio,name\na.wav,failed\n")
        let table = try set.run("annotate", "--manifest", set.path + "/table.csv", "-o", out, "-f", "csv")
        #expect(table.status == 64 && table.text.contains("that of a table of the whole batch"), "\(table.text)")
        let missing = try set.run("annotate", set.path + "/nothing", "-o", set.beside("none"))
        #expect(missing.status == 66 && !FileManager.default.fileExists(atPath: set.beside("none")))
        let folder = try set.run("replay", set.path)
        #expect(folder.status == 65 && folder.text.contains("it is a folder; 'timbre annotate'"), "\(folder.text)")
        let foreign = set.path + "/more/caf"
        let bytes = Array(foreign.utf8CString.dropLast()) + [CChar(bitPattern: 0xE9)] + Array(".wav".utf8CString)
        #expect(rename(set.path + "/more/c.wav", bytes) == 0)
        let named = try set.run("annotate", set.path, "-o", set.beside("foreign"))
        #expect(named.status == 65 && named.text.contains("its name is not UTF-8 text"), "\(named.text)")
    }

    @Test("A report of a folder counts each recording once, whatever links lead to it")
    func linkedReport() throws {
        let set = try SoundSet.ordinary()
        let out = set.beside("out")
        #expect(try set.run("annotate", set.path, "-o", out).status == 0)
        let again = try set.run("annotate", set.path, "-o", out, "--resume")
        #expect(again.text.contains("annotated in \(out); 3 had results already"), "\(again.text)")
        try FileManager.default.createSymbolicLink(atPath: out + "/loop", withDestinationPath: "..")
        #expect(try set.run("report", out, "-o", set.beside("page.html")).text.contains("3 recordings"))
    }

    @Test(
        "NumPy reads the arrays, and they are those of the table",
        .enabled(if: PythonPeer.isInstalled("numpy"), "\(PythonPeer.reason)"))
    func arrays() throws {
        let set = try SoundSet()
        try set.record("a", [(.cello, 0.5, 1.5)], seconds: 2)
        let out = set.beside("out")
        #expect(try set.run("annotate", set.path, "-o", out, "-f", "npz,activities-csv").status == 0)
        let script = """
            import numpy, sys
            arrays = numpy.load(sys.argv[1] + ".npz")
            a, t = arrays["activities"], arrays["times"]
            assert a.dtype == numpy.float32 and t.dtype == numpy.float64, (a.dtype, t.dtype)
            with open(sys.argv[1] + ".activities.csv") as file:
                assert file.readline().strip().split(",") == ["time", *arrays["classes"]]
                table = numpy.loadtxt(file, delimiter=",")
            assert a.shape == (len(t), len(arrays["classes"])) == (len(table), table.shape[1] - 1)
            assert (table[:, 1:].astype(numpy.float32) == a).all() and numpy.allclose(table[:, 0], t, atol=1e-6)
            assert numpy.allclose(t, (numpy.arange(len(t)) + 1) * 512 / 44100)
            print(len(str(arrays["model"])), len(t), a.max() > 0.5)
            """
        #expect(try PythonPeer.run(script, arguments: [out + "/a.wav"]) == "64 172 True\n")
    }
}
