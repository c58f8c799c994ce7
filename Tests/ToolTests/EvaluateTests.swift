// `timbre evaluate` over sets made for the tests.

import Evaluation
import Events
import Foundation
import JSON
import SceneFixtures
import Testing

@Suite("timbre evaluate") struct EvaluateTests {
    private func results(_ path: String) throws -> SavedResults {
        try SavedResults(FileContent.read(path), file: path)
    }

    @Test("A folder is heard and judged: what is there, what is taken for something else, and false alarms")
    func folder() throws {
        let set = try SoundSet.ordinary()
        let json = set.beside("r.json")
        let run = try set.run(
            "evaluate", set.path, "--json", json, "--csv", set.beside("r.csv"), "--html", set.beside("r.html"))
        #expect(run.status == 0, "\(run.text)")
        let evaluation = try results(json).evaluation
        func figures(_ name: String) throws -> ClassFigures {
            try #require(evaluation.figures.first { $0.name == name })
        }
        #expect(try figures("cello").frames?.hop.f1 ?? 0 > 0.8)
        #expect(try figures("horn").onsets == Counts(hits: 1))
        #expect(try figures("oboe").frames?.hop.recall == 0)
        #expect(try figures("flute").onsets == Counts(falseAlarms: 1))
        #expect(evaluation.falseAlarms.recordings == 1 && evaluation.falseAlarms.alarms.reduce(0, +) == 1)
        #expect(run.text.contains("confused with flute"))
        #expect(
            run.text.contains("1 false alarms in 1 of them, 1800.0 per hour: drums 1") || run.text.contains(": drums 1")
        )
        let table = String(decoding: try FileContent.read(set.beside("r.csv")), as: UTF8.self)
        #expect(table.hasPrefix("class,frame_precision,") && table.contains("\ncello,"))
        #expect(
            String(decoding: try FileContent.read(set.beside("r.html")), as: UTF8.self).contains("<h2>Timelines</h2>"))
    }

    @Test("References that may be misread are named on standard error, and read all the same")
    func doubtfulReferences() throws {
        let set = try SoundSet.ordinary()
        try set.write("a.txt", "0.5\t1.5\toboe\n")
        try set.write(
            "b.jams",
            """
            {"annotations": [{"namespace": "tag_open", "data": [{"time": 0.4, "duration": 1.2, "value": "flute"}]}],
            "file_metadata": {"duration": 30}}
            """)
        try FileManager.default.removeItem(atPath: set.path + "/b.csv")
        let run = try set.run("evaluate", set.path)
        #expect(run.status == 0, "\(run.text)")
        let notices = run.text.split(separator: "\n").filter { $0.hasPrefix("timbre: ") }
        #expect(notices.count == 2, "\(run.text)")
        #expect(run.text.contains("\(set.path)/a.txt: this reference is left out, because \(set.path)/a.csv is"))
        #expect(run.text.contains("b.jams: file_metadata.duration: it is 30.0 s, and the audio lasts 2.0 s: is this"))
    }

    @Test("The figures are the same however many are heard at once, and when what was heard is taken from a folder")
    func deterministic() throws {
        let set = try SoundSet.ordinary()
        var files: [[UInt8]] = []
        for (index, options) in [["-j", "1"], ["-j", "3"], ["--resume", "kept"], ["--resume", "kept"]].enumerated() {
            let json = set.beside("\(index).json")
            let options = options.map { $0 == "kept" ? set.beside("kept") : $0 }
            let arguments = ["evaluate", "-m", set.scene.model, set.path, "--json", json] + options
            #expect(try run(RunningDaemon.program("timbre").path, arguments).status == 0)
            files.append(try FileContent.read(json))
        }
        #expect(files.allSatisfy { $0 == files[0] })
    }

    @Test("A run that was killed goes on where it was, and gives what an undisturbed one gives")
    func resumed() throws {
        let set = try SoundSet.ordinary()
        for index in 0..<6 {
            try set.record("n\(index)", [(.cello, 0.5, 3)], seconds: 8)
            try set.write("n\(index).csv", "start,end,class\n0.5,3,cello\n")
        }
        let kept = set.beside("kept")
        let process = Process()
        process.executableURL = RunningDaemon.program("timbre")
        process.arguments = ["evaluate", "-m", set.scene.model, "-j", "1", set.path, "--resume", kept]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let end = Date() + 120
        while !FileContent.exists(kept + "/a.json"), process.isRunning, Date() < end { usleep(1000) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(FileContent.exists(kept + "/a.json"))
        // Only what is taken from the folder can say this.
        let text = String(decoding: try FileContent.read(kept + "/a.json"), as: UTF8.self)
        try Data(text.replacing("\"horn\":[[", with: "\"horn\":[[0.125,0.25],[").utf8).write(
            to: URL(filePath: kept + "/a.json"))
        #expect(try set.run("evaluate", set.path, "--resume", kept, "--json", set.beside("again.json")).status == 0)
        #expect(try set.run("evaluate", set.path, "--json", set.beside("fresh.json")).status == 0)
        let (again, fresh) = (try results(set.beside("again.json")), try results(set.beside("fresh.json")))
        let horn = try #require(again.evaluation.classes.firstIndex(of: "horn"))
        #expect(again.evaluation.recordings[0].classes[horn].reports == 2)
        #expect(again.evaluation.recordings.dropFirst() == fresh.evaluation.recordings.dropFirst())
        #expect(again.evaluation.recordings.count == 9)
    }

    @Test("A run by a program whose code is another one hears everything again")
    func rebuilt() throws {
        let set = try SoundSet.ordinary()
        let kept = set.beside("kept")
        #expect(try set.run("evaluate", set.path, "--resume", kept).status == 0)
        let version = try run(RunningDaemon.program("timbre").path, ["--version"]).text
        let code = try #require(version.firstMatch(of: /code ([0-9a-f]{12})/)).output.1
        // The same, with a horn that only the folder knows; once with the key of this program, once with that of another one.
        let text = String(decoding: try FileContent.read(kept + "/a.json"), as: UTF8.self)
        #expect(text.contains("code \(code)"))
        let forged = text.replacing("\"horn\":[[", with: "\"horn\":[[0.125,0.25],[")
        let horns = try [forged, forged.replacing("code \(code)", with: "code 0123456789ab")].map { text in
            try Data(text.utf8).write(to: URL(filePath: kept + "/a.json"))
            #expect(
                try set.run("evaluate", set.path, "--resume", kept, "--json", set.beside("out.json")).status == 0)
            let found = try results(set.beside("out.json")).evaluation
            return found.recordings[0].classes[try #require(found.classes.firstIndex(of: "horn"))].reports
        }
        #expect(horns == [2, 1])
    }

    @Test("Degraded recordings are heard again, each in its way, and the table says what is left")
    func degraded() throws {
        let set = try SoundSet.ordinary()
        let json = set.beside("r.json")
        let run = try set.run(
            "evaluate", set.path, "--degrade", "mp3,band4k,pink20,-30dB,-40dB", "--json", json, "--resume",
            set.beside("kept"))
        #expect(run.status == 0, "\(run.text)")
        let value = try JSONParser.parse(try FileContent.read(json)[...])
        let rows = try #require(value["degraded"]?.elements)
        #expect(rows.compactMap { $0["name"]?.text } == ["mp3", "band4k", "pink20", "-30dB", "-40dB"])
        // Four notes are named in the recordings as they are, and all of them whatever is done to these.
        for row in rows {
            #expect(row["named"]?.integer == 4 && row["kept"]?.integer == 4, "\(row["name"]?.text ?? "")")
        }
        #expect(run.text.contains("\nmp3                  1.000"))
        #expect(FileContent.exists(set.beside("kept") + "/-30dB/a.json"))
        let again = try set.run(
            "evaluate", set.path, "--degrade", "mp3,band4k,pink20,-30dB,-40dB", "--json", set.beside("again.json"),
            "--resume", set.beside("kept"))
        #expect(again.status == 0)
        #expect(try FileContent.read(set.beside("again.json")) == FileContent.read(json))
        let wrong = try set.run("evaluate", set.path, "--degrade", "mp3,telephone")
        #expect(
            wrong.status == 64 && wrong.text.contains("unknown degradation 'telephone' for --degrade; expected mp3"))
    }

    @Test("What is bad is named with file and line and left out, the rest goes on, and the status says so")
    func badInput() throws {
        let set = try SoundSet.ordinary()
        let whole = try FileContent.read(set.path + "/a.wav")
        try FileContent.write(Array(whole.prefix(whole.count / 2)), to: set.path + "/cut.wav")
        try set.write("cut.csv", "start,end,class\n0.5,1.0,cello\n")
        try set.write("text.wav", "no audio")
        try set.write("late.csv", "start,end,class\n0,1,cello\n1,9,cello\n")
        try set.write("order.csv", "start,end,class\n1,0.5,cello\n")
        try set.write("name.csv", "start,end,class\n\n0,1,cellow\n")
        try set.write(
            "set.csv",
            "audio,reference\na.wav,a.csv\ncut.wav,cut.csv\ntext.wav,a.csv\nb.wav,late.csv\nc.wav,order.csv\n"
                + "../set/c.wav,name.csv\nlost.wav,a.csv\n")
        let run = try set.run("evaluate", set.path + "/set.csv", "--json", set.beside("r.json"))
        #expect(run.status == 65)
        for problem in [
            "cut.wav", "text.wav cannot be used", "late.csv:3: it ends at 9.0 s, beyond the end of the audio at 2.0 s",
            "order.csv:2: the times are out of order", "name.csv:3: unknown class \"cellow\": did you mean cello?",
            "set.csv:8: \(set.path)/lost.wav does not exist", "6 recordings of the set were left out",
        ] {
            #expect(run.text.contains(problem), "\(problem) in \(run.text)")
        }
        let saved = try results(set.beside("r.json"))
        #expect(saved.evaluation.recordings.map(\.name) == ["a.wav"] && saved.leftOut.count == 6)
    }

    @Test("The files that are named are written although nobody reads the figures")
    func unread() throws {
        let set = try SoundSet.ordinary()
        let files = ["json", "csv", "html"].map { set.beside("r.\($0)") }
        let status = try set.runUnread(
            "evaluate", set.path, "--json", files[0], "--csv", files[1], "--html", files[2])
        #expect(status == 0 && files.allSatisfy(FileContent.exists))
    }

    @Test("A set that is none is refused with its name")
    func noSet() throws {
        let set = try SoundSet()
        #expect(try set.run("evaluate", "/no/such/set").status == 66)
        let empty = try set.run("evaluate", set.path)
        #expect(empty.status == 65 && empty.text.contains("it contains no recordings"))
    }
}
