// What `timbre annotate` leaves behind when audio changes or fails, and whatever its names are.

import Foundation
import SceneFixtures
import Testing

@testable import timbre

@Suite("timbre annotate, again and again") struct AnnotationRunTests {
    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// A set of one recording.
    private func single() throws -> SoundSet {
        let set = try SoundSet()
        try set.record("a", [(.cello, 0.5, 1.5)], seconds: 2)
        return set
    }

    @Test("Another recording of the same name and size is heard, although it is older than the results")
    func replaced() throws {
        let set = try single()
        let out = set.beside("out")
        #expect(try set.run("annotate", set.path, "-o", out).status == 0)
        #expect(try text(out + "/a.wav.timbre.json").contains("cello"))
        try set.record("a", [(.horn, 0.5, 1.5)], seconds: 2)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: set.path + "/a.wav")
        let again = try set.run("annotate", set.path, "-o", out, "--resume")
        #expect(again.status == 0 && again.text.contains("; 0 had results already"), "\(again.text)")
        #expect(try text(out + "/a.wav.timbre.json").contains("horn"))
    }

    @Test("A recording that fails now is no longer in the report")
    func failed() throws {
        let set = try SoundSet.ordinary()
        let out = set.beside("out")
        #expect(try set.run("annotate", set.path, "-o", out).status == 0)
        try set.write("a.wav", "no audio")
        #expect(try set.run("annotate", set.path, "-o", out).status == 65)
        #expect(!exists(out + "/a.wav.timbre.json") && exists(out + "/b.wav.timbre.json"))
        #expect(try set.run("report", out, "-o", set.beside("page.html")).text.contains("shows 2 recordings"))
    }

    @Test("The tables and the status do not depend on whether anybody reads the lines")
    func unread() throws {
        let set = try SoundSet.ordinary()
        try set.write("text.flac", "no audio")
        let out = set.beside("out")
        #expect(try set.runUnread("annotate", set.path, "-o", out) == 65)
        #expect(try text(out + "/failed.csv").contains("text.flac,"))
        try FileManager.default.removeItem(atPath: set.path + "/text.flac")
        #expect(try set.runUnread("annotate", set.path, "-o", out, "--resume") == 0)
        #expect(exists(out + "/recordings.csv") && !exists(out + "/failed.csv"))
    }

    @Test("A name may be as long as its results permit; a longer one is refused before the recording is heard")
    func longNames() throws {
        let set = try SoundSet()
        let (long, longer) = (String(repeating: "n", count: 230), String(repeating: "m", count: 240))
        for name in [long, longer] { try set.record(name, [(.cello, 0.5, 1.5)], seconds: 2) }
        let out = set.beside("out")
        let run = try set.run("annotate", set.path, "-o", out)
        #expect(run.status == 65 && run.text.contains("1 of 2 failed"), "\(run.text)")
        #expect(run.text.contains("a file name has at most 255 bytes, and this result would have 256"), "\(run.text)")
        #expect(exists("\(out)/\(long).wav.timbre.json") && !exists("\(out)/\(longer).wav.jams"))
    }

    @Test("A byte order mark before a manifest or a list is passed over")
    func byteOrderMarks() throws {
        let set = try single()
        try set.write("list.csv", "\u{FEFF}audio,name\na.wav,first\n")
        let run = try set.run("annotate", "--manifest", set.path + "/list.csv", "-o", set.beside("out"))
        #expect(run.status == 0 && exists(set.beside("out") + "/first.jams"), "\(run.text)")
        try set.write("list.txt", "\u{FEFF}\(set.path)/a.wav\n")
        let program = RunningDaemon.program("timbre").path
        let script = "\(program) annotate -m \(set.scene.model) -o \(set.beside("piped")) - < \(set.path)/list.txt"
        let piped = try ToolTests.run("sh", ["-c", script])
        #expect(piped.status == 0, "\(piped.text)")
    }

    @Test("Names that are the same text in different normal forms are two recordings")
    func normalForms() throws {
        let set = try SoundSet()
        for name in ["\u{E9}.wav", "e\u{301}.wav"] {
            try set.record("a", [(.cello, 0.5, 1.5)], seconds: 2)
            #expect(rename(set.path + "/a.wav", set.path + "/" + name) == 0)
        }
        let run = try set.run("annotate", set.path, "-o", set.beside("out"))
        #expect(run.status == 0 && run.text.contains("2 recordings, "), "\(run.text)")
    }

    @Test("A report leaves out what it cannot read, has the real name of its folder, and says what a folder lacks")
    func reports() throws {
        let set = try single()
        let out = set.beside("out")
        #expect(try set.run("annotate", set.path, "-o", out).status == 0)
        #expect(mkfifo(out + "/p.timbre.json", 0o600) == 0)
        let page = set.beside("page.html")
        let script = "cd \(out) && \(RunningDaemon.program("timbre").path) report . -o \(page)"
        let run = try ToolTests.run("sh", ["-c", script])
        #expect(run.status == 0, "\(run.text)")
        #expect(run.text.contains("p.timbre.json: it is not a regular file; left out"), "\(run.text)")
        #expect(try text(page).contains("<title>out</title>"))
        try FileManager.default.createDirectory(atPath: set.beside("empty"), withIntermediateDirectories: false)
        let empty = try timbre("report", set.beside("empty"), "-o", page)
        #expect(empty.status == 65, "\(empty.text)")
        #expect(empty.text.contains("empty: it contains neither session.json nor results of 'timbre annotate'"))
    }
}
