// What a power cut, a full disk and a repair that comes at the wrong moment leave of a session.

import AudioCore
import Events
import Foundation
import TestSupport
import Testing

@testable import Recording

@Suite("Session repair")
struct SessionRepairTests {
    /// A session as a kill leaves it, in a folder of its own.
    private func killed(_ bench: Bench, _ change: (SessionFolder) throws -> Void) throws -> SessionFolder {
        let folder = try #require(try bench.sessions.first?.folder)
        let copy = SessionFolder(path: folder.path + "-copy")
        try FileManager.default.copyItem(atPath: folder.path, toPath: copy.path)
        try change(copy)
        return copy
    }

    @Test(
        "Promise 14: a session.json that a power cut emptied, or took, is rebuilt from the lines and the sound",
        arguments: ["empty", "zeros", "gone"])
    func rebuilds(state: String) throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 6_000)
        bench.say(SourceRecorderTests.on, at: 500)
        bench.gap(2_000, streamFrame: 3_000)
        bench.say(.discontinuity(.init(reason: .xrun, lostSeconds: 2)), at: 3_000)
        bench.hear(to: 20_000)
        bench.say(.mark(text: "late"), at: 8_000)
        bench.turn()
        let whole = try #require(try bench.sessions.first)
        let copy = try killed(bench) { copy in
            switch state {
            case "empty": try Data().write(to: URL(fileURLWithPath: copy.manifest))
            case "zeros": try Data(count: 1234).write(to: URL(fileURLWithPath: copy.manifest))
            default: try FileManager.default.removeItem(atPath: copy.manifest)
            }
        }
        #expect(try bench.recorder.store.sessions().contains(copy))
        let repair = try SessionRepair(mending: copy)
        #expect(repair.changes.contains { $0.hasPrefix("rebuilt session.json") })
        let session = try SessionReader(folder: copy)
        #expect(session.manifest.state == .repaired && session.manifest.rate == 1000 && session.manifest.channels == 1)
        #expect(session.manifest.gaps.map(\.frames) == [2_000])
        #expect(session.manifest.frames ?? 0 > 18_000)
        #expect(session.events.count == whole.events.count)
        // The first event is taken to stand at the beginning, where really it stood at 1 s.
        let found = session.events.compactMap { session.manifest.seconds(of: $0.event) }
        let truth = whole.events.compactMap { whole.manifest.seconds(of: $0.event) }
        #expect(zip(found, truth).allSatisfy { abs($0 - $1) <= 1.001 } && found.count == truth.count)
        #expect(try SessionRepair(mending: copy).changes.isEmpty)
    }

    @Test(
        "a FIFO in the place of a session's file is refused by its name at once",
        arguments: ["manifest", "events", "audio"])
    func pipes(file: String) throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 9_000)
        var path = ""
        let copy = try killed(bench) { copy in
            path = ["manifest": copy.manifest, "events": copy.events][file] ?? copy.audio
            try FileManager.default.removeItem(atPath: path)
            #expect(mkfifo(path, 0o600) == 0)
        }
        #expect {
            try SessionRepair(mending: copy)
        } throws: { error in
            "\(error)".contains(path) && "\(error)".contains("not a regular file")
        }
    }

    @Test("a session of a later version, and one whose lines are gone too, are refused and left as they are")
    func refusesToRebuild() throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 9_000)
        let later = try killed(bench) { copy in
            let text = try String(contentsOfFile: copy.manifest, encoding: .utf8)
            try text.replacingOccurrences(of: "\"version\": 1", with: "\"version\": 9").write(
                toFile: copy.manifest, atomically: true, encoding: .utf8)
        }
        #expect(throws: RecordingError.self) { try SessionRepair(mending: later) }
        try Data().write(to: URL(fileURLWithPath: later.manifest))
        try Data().write(to: URL(fileURLWithPath: later.events))
        #expect(throws: RecordingError.self) { try SessionRepair(mending: later) }
    }

    @Test("zeros that a power cut left within the last lines are cut off; a line damaged long before is refused")
    func zeros() throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 9_000)
        for frame in 0..<100 { bench.say(.mark(text: "mark \(frame)"), at: 2_000 + frame) }
        bench.turn()
        let copy = try killed(bench) { copy in
            var bytes = try Data(contentsOf: URL(fileURLWithPath: copy.events))
            let middle = bytes.count / 2
            bytes.replaceSubrange(middle..<middle + 200, with: Data(count: 200))
            try bytes.write(to: URL(fileURLWithPath: copy.events))
        }
        #expect(throws: RecordingError.self) { try SessionReader(folder: copy) }
        #expect(try SessionRepair(mending: copy).changes.count >= 2)
        let session = try SessionReader(folder: copy)
        #expect((40...60).contains(session.events.count))
        #expect(session.manifest.marks.count == session.events.count - 2)
        // Nonsense that is no zeros was written by nobody's power cut.
        var bytes = try Data(contentsOf: URL(fileURLWithPath: copy.events))
        bytes[bytes.count / 2] = 0x07
        try bytes.write(to: URL(fileURLWithPath: copy.events))
        #expect(throws: RecordingError.self) { try SessionRepair(mending: copy) }
        #expect(try SessionRepair(mending: copy, force: true).changes.count >= 1)
        #expect(try SessionReader(folder: copy).events.count > 5)
    }

    @Test("sound that is damaged before its end is refused and kept, unless somebody insists")
    func damagedSound() throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        // Noise, so that there are bytes enough for more than an unfinished end.
        for step in 1...60 { bench.hear(to: step * 1_000) }
        let copy = try killed(bench) { copy in
            var bytes = try Data(contentsOf: URL(fileURLWithPath: copy.audio))
            bytes.replaceSubrange(200..<bytes.count, with: Data(repeating: 0x55, count: 100_000))
            try bytes.write(to: URL(fileURLWithPath: copy.audio))
        }
        let before = try Data(contentsOf: URL(fileURLWithPath: copy.audio))
        #expect(throws: RecordingError.self) { try SessionRepair(mending: copy) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy.audio)) == before)
        #expect(try SessionRepair(mending: copy, force: true).manifest.frames == 0)
    }

    @Test("a disk that takes half of the lines, and has room again, gets every line once")
    func halfWritten() async {
        // In a process of its own, for what follows holds for all of its threads.
        await #expect(processExitsWith: .success) {
            let bench = try Bench { $0.always = true }
            bench.open()
            bench.hear(to: 9_000)
            guard let session = bench.recorder.session else { exit(1) }
            let folder = session.folder
            let size = try Data(contentsOf: URL(fileURLWithPath: folder.events)).count
            for number in 0..<20 {
                session.line(
                    Event(
                        stream: "main", time: StreamTime(frame: Int64(4_500 + number), seconds: 9, wall: nil),
                        .mark(text: "mark \(number)")), position: 9_000)
            }
            // The limit on the size of a file is what a full disk is: a write is cut short in the middle of a line.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var low = limit
            low.rlim_cur = rlim_t(size + 333)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &low)
            let isRefused = (try? session.flush()) == nil
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            guard isRefused else { exit(2) }
            try session.flush()
            let events = try SessionReader(folder: folder).events
            guard events.map(\.sequence) == Array(1...Int64(events.count)) else { exit(3) }
            exit(events.count { $0.event.kind == .mark } == 20 ? 0 : 4)
        }
    }

    @Test("a repair that meets a recorder reads nothing before it has the lock")
    func lockFirst() throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 9_000)
        let folder = try #require(try bench.sessions.first?.folder)
        // Not even a manifest that cannot be read comes before the word that it is in use.
        try Data("{".utf8).write(to: URL(fileURLWithPath: folder.manifest))
        #expect(throws: RecordingError.inUse(path: folder.path)) { try SessionRepair(mending: folder) }
    }

    @Test("what is kept from before the cause is bounded in bytes, and the session says how much that was")
    func boundedPreRoll() throws {
        let bench = try Bench {
            $0.before = 300
            $0.preRollBytes = 4 * 5_000
        }
        bench.open()
        bench.hear(to: 60_000)
        bench.recorder.ask(.start)
        bench.hear(to: 61_000)
        bench.finish()
        #expect(try bench.sessions.first?.manifest.frames == 6_000)
        #expect(bench.recorder.news.first?.message == "asked; the buffer holds 5 s of the 300 s before it")
    }
}
