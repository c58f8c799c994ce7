// `timbre tune` and `timbre compare`: thresholds that the daemon reads, and whether they are better.

import Evaluation
import Foundation
import Testing

@Suite("timbre tune and compare") struct TuneTests {
    @Test("Thresholds are chosen where the set can tell, and the daemon's configuration takes their file")
    func tune() throws {
        let set = try SoundSet.ordinary()
        let tuned = set.beside("tuned.conf")
        let run = try set.run("tune", set.path, "--least", "1", "--out", tuned)
        #expect(run.status == 0, "\(run.text)")
        #expect(run.text.contains("violin              0.500       -       -  in 0 recordings, too few"))
        #expect(
            try set.run("tune", set.path).text.contains(
                "cello               0.500       -       -  in 1 recordings, too few"))
        let text = String(decoding: try FileContent.read(tuned), as: UTF8.self)
        #expect(text.contains("[instrument.cello]\non = 0.") && !text.contains("[instrument.violin]"))
        #expect(text.split(separator: "\n").count { $0.hasPrefix("# tuned on ") } == 3)
        let whole = try set.run("tune", set.path, "--least", "1", "--from", "recordings")
        #expect(
            run.text.contains("  frames") && !whole.text.contains("  frames") && whole.text.contains("  recordings"))
        try FileContent.write(Array("[events]\nthresholds = tuned.conf\n".utf8), to: set.beside("t.conf"))
        let check = try timbre("check-config", "-m", set.scene.model, set.beside("t.conf"))
        #expect(check.status == 0 && check.text.contains("instrument.cello.on"), "\(check.text)")
    }

    @Test("The thresholds are written although nobody reads how they were chosen")
    func unread() throws {
        let set = try SoundSet.ordinary()
        let tuned = set.beside("tuned.conf")
        #expect(try set.runUnread("tune", set.path, "--least", "1", "--out", tuned) == 0)
        #expect(FileContent.exists(tuned))
    }

    @Test("Nobody reports on what was tuned on, unless told to, and then it is said")
    func honest() throws {
        let set = try SoundSet.ordinary()
        let tuned = set.beside("tuned.conf")
        #expect(try set.run("tune", set.path, "--least", "1", "-o", tuned, "-q").status == 0)
        let refused = try set.run("evaluate", set.path, "--thresholds", tuned)
        #expect(refused.status == 64 && refused.text.contains("was tuned on 3 of the 3 recordings of this set"))
        let page = set.beside("r.html")
        let allowed = try set.run("evaluate", set.path, "--thresholds", tuned, "--allow-tuned", "--html", page)
        #expect(allowed.status == 0 && allowed.text.contains("thresholds were tuned on 3 of these recordings"))
        #expect(String(decoding: try FileContent.read(page), as: UTF8.self).contains("thresholds were tuned on 3"))
        let other = try SoundSet()
        try other.record("x", [(.cello, 0.5, 1.5)], seconds: 2)
        try other.write("x.csv", "start,end,class\n0.5,1.5,cello\n")
        #expect(try set.run("evaluate", other.path, "--thresholds", tuned).status == 0)
    }

    @Test("Results, models and thresholds are compared on one set, with intervals that are the same every time")
    func compare() throws {
        let set = try SoundSet.ordinary()
        let deaf = set.beside("deaf.conf")
        try FileContent.write(Array("[instrument.cello]\non = 1\noff = 1\n".utf8), to: deaf)
        let json = set.beside("a.json")
        #expect(try set.run("evaluate", set.path, "--json", json).status == 0)
        let first = try set.run("compare", json, deaf, "--set", set.path, "--rounds", "100")
        #expect(first.status == 0, "\(first.text)")
        let cello = first.text.split(separator: "\n").first { $0.hasPrefix("cello") }
        #expect(cello?.contains("   0.000  -0.") == true || cello?.contains("   0.000  -1.") == true, "\(first.text)")
        #expect(try set.run("compare", json, deaf, "--set", set.path, "--rounds", "100").text == first.text)
        let same = try set.run("compare", json, set.scene.model, "--set", set.path, "--rounds", "20")
        #expect(same.status == 0 && !same.text.contains("*") && same.text.contains("+0.000 to +0.000"))
        let nowhere = try set.run("compare", json, deaf)
        #expect(nowhere.status == 64 && nowhere.text.contains("--set"))
        #expect(try set.run("compare", json, "/no/such.json").status == 66)
        // Both sides of a comparison are kept.
        try FileContent.write(Array("[instrument.horn]\non = 1\noff = 1\n".utf8), to: set.beside("other.conf"))
        let kept = set.beside("kept")
        func times() throws -> [String: Date] {
            var times: [String: Date] = [:]
            for name in try FileManager.default.subpathsOfDirectory(atPath: kept) {
                let facts = try FileManager.default.attributesOfItem(atPath: "\(kept)/\(name)")
                guard facts[.type] as? FileAttributeType == .typeRegular else { continue }
                times[name] = facts[.modificationDate] as? Date
            }
            return times
        }
        for _ in 0..<2 {
            let before = FileManager.default.fileExists(atPath: kept) ? try times() : nil
            let run = try set.run(
                "compare", deaf, set.beside("other.conf"), "--set", set.path, "--rounds", "20", "--resume", kept)
            #expect(run.status == 0, "\(run.text)")
            if let before { #expect(try times() == before && before.count == 12) }
        }
        // The file of a mistake is the one in which it stands.
        try FileContent.write(Array("[events]\n\n[instrument.kazoo]\non = 1\n".utf8), to: set.beside("bad.conf"))
        let mistaken = try set.run("evaluate", set.path, "--config", set.beside("bad.conf"), "--thresholds", deaf)
        #expect(mistaken.text.contains("bad.conf:3: the model has no instrument kazoo"), "\(mistaken.text)")
    }
}
