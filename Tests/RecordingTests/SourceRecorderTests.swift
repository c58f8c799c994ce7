// A source recorded into real files: what is in them, to the frame.

import AudioCore
import AudioFiles
import Configuration
import Events
import Foundation
import Synchronization
import System
import TestSupport
import Testing

@testable import Recording

@Suite("Source recorder")
struct SourceRecorderTests {
    static let on = Event.Body.on(.init(instrument: "violin", family: "strings", confidence: 0.5))
    static let off = Event.Body.off(.init(instrument: "violin", family: "strings", confidence: 0.5, duration: 1))

    @Test("an instrument records itself with the seconds before and after, and the events lie where the sound is")
    func instrument() throws {
        let bench = try Bench {
            $0.before = 2
            $0.after = 1
            $0.instruments = .any
        }
        bench.open()
        bench.hear(to: 10_000)
        bench.say(.mark(text: "too early"), at: 3_000)
        bench.say(.mark(text: "before"), at: 4_500)
        bench.say(Self.on, at: 5_000)
        bench.say(.mark(text: "within"), at: 5_250)
        bench.say(Self.off, at: 5_500)
        bench.hear(to: 20_000)
        let session = try #require(try bench.sessions.first)
        #expect(try bench.sessions.count == 1)
        let manifest = session.manifest
        #expect(manifest.state == .closed && manifest.trigger == "instrument violin")
        #expect(manifest.frames == 4_000 && manifest.rate == 1000 && manifest.part == 1)
        #expect(manifest.start == WallTime("2026-11-21T06:00:08.000Z"))
        #expect(try Bench.samples(session.folder.audio) == (8_000..<12_000).map(Bench.value))
        #expect(session.events.map(\.event.kind) == [.hello, .snapshot, .mark, .on, .mark, .off, .closing])
        #expect(session.events.map(\.sequence) == Array(1...7))
        #expect(session.events.compactMap { manifest.seconds(of: $0.event) } == [1, 2, 2.5, 3])
        let annotations = try session.annotations(stream: "main")
        #expect(annotations.annotations.map(\.start) == [2] && annotations.annotations.map(\.end) == [3])
        #expect(manifest.marks.map(\.audioFrame) == [1000, 2500])
        #expect(bench.recorder.news.map(\.state) == [.started, .stopped])
    }

    @Test("frames that found the queue full are counted, and are a gap of the disk's in the session")
    func dropped() throws {
        let bench = try Bench { _ in }
        bench.open()
        bench.recorder.ask(.start)
        bench.hear(to: 1_000)
        // More than the queue holds, before the recorder looks again.
        bench.hear(to: 1_000 + 1 << 16 + 500)
        #expect(bench.recorder.status.dropped == 0)
        bench.hear(to: 1_000 + 1 << 16 + 600)
        #expect(bench.recorder.status.dropped == 500)
        bench.finish()
        let gaps = try bench.sessions.flatMap(\.manifest.gaps)
        #expect(gaps.map(\.frames) == [500] && gaps.map(\.reason) == ["disk"], "\(gaps)")
    }

    @Test("what sounded when the pre-roll began stands in the snapshot")
    func snapshot() throws {
        let bench = try Bench { $0.before = 1 }
        bench.open()
        bench.say(Self.on, at: 1_000)
        bench.hear(to: 10_000)
        bench.recorder.ask(.start)
        bench.hear(to: 11_000)
        bench.recorder.ask(.stop)
        bench.hear(to: 11_001)
        let session = try #require(try bench.sessions.first)
        guard case .snapshot(let snapshot) = session.events[1].event.body else {
            Issue.record("the second line is no snapshot")
            return
        }
        #expect(snapshot.active.map(\.instrument) == ["violin"])
        #expect(try session.annotations(stream: "main").annotations.map(\.end) == [2])
        #expect(try Bench.samples(session.folder.audio) == (9_000..<11_000).map(Bench.value))
        #expect(session.manifest.end == "stopped by hand")
    }

    @Test("parts follow one another without a frame between, and each has its own events")
    func parts() throws {
        let bench = try Bench {
            $0.always = true
            $0.partMinutes = 0.05
        }
        bench.open()
        for place in stride(from: 700, through: 10_500, by: 700) {
            if place == 5_600 { bench.say(Self.on, at: 2_700) }
            bench.say(.mark(text: "\(place)"), at: place / 2)
            bench.hear(to: place)
        }
        bench.finish()
        let sessions = try bench.sessions
        #expect(sessions.map(\.manifest.part) == [1, 2, 3, 4])
        #expect(Set(sessions.map(\.manifest.recording)).count == 1)
        #expect(sessions.map(\.manifest.frames) == [3000, 3000, 3000, 1500])
        var place = 0
        for session in sessions {
            let samples = try Bench.samples(session.folder.audio)
            #expect(samples == (place..<place + samples.count).map(Bench.value))
            for event in session.events.map(\.event) {
                guard case .mark(let text) = event.body, let seconds = session.manifest.seconds(of: event) else {
                    continue
                }
                #expect(Int(text) == place + Int((seconds * 1000).rounded()))
            }
            place += samples.count
        }
        #expect(try sessions[2].annotations(stream: "main").annotations.map(\.start) == [0])
        #expect(sessions[3].manifest.end == "the program was stopped")
    }

    @Test("silence stands for what is missing, so that all that follows lies where it was heard")
    func gaps() throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 2_001)
        bench.say(Self.on, at: 990)
        bench.say(Self.off, at: 1000)
        bench.say(.discontinuity(.init(reason: .xrun, lostSeconds: 0.5)), at: 1000)
        bench.gap(500, streamFrame: 1000)
        bench.hear(to: 4_501)
        bench.turn(to: 2_000)
        bench.say(.mark(text: "after"), at: 1_500)
        bench.finish()
        let session = try #require(try bench.sessions.first)
        let expected =
            (0..<2_001).map(Bench.value) + [Float](repeating: 0, count: 500) + (2_501..<4_501).map(Bench.value)
        #expect(try Bench.samples(session.folder.audio) == expected)
        #expect(session.manifest.gaps == [.init(audioFrame: 2_001, frames: 500, reason: "xrun")])
        #expect(try session.annotations(stream: "main").annotations.map(\.end) == [2])
        #expect(session.manifest.marks.map(\.audioFrame) == [2_501 + 1_000])
    }

    @Test("a long gap, or another format, begins another session of the same recording", arguments: [false, true])
    func interruption(isOtherRate: Bool) throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 2_000)
        if isOtherRate { bench.open(rate: 2000) } else { bench.gap(20_000, streamFrame: 1000) }
        let resumed = bench.place
        bench.hear(to: resumed + 1_000)
        bench.turn(to: 3_000)
        bench.finish()
        let sessions = try bench.sessions
        #expect(sessions.map(\.manifest.frames) == [2000, 1000])
        #expect(sessions.map(\.manifest.part) == [1, 2])
        #expect(sessions.map(\.manifest.rate) == [1000, isOtherRate ? 2000 : 1000])
        #expect(try Bench.samples(sessions[1].folder.audio) == (resumed..<resumed + 1000).map(Bench.value))
    }

    @Test("more channels than a FLAC file holds are in several, in step")
    func channels() throws {
        let bench = try Bench(channels: 18) { $0.always = true }
        bench.open()
        bench.hear(to: 1_500)
        bench.finish()
        let session = try #require(try bench.sessions.first)
        #expect(session.manifest.files.map(\.name) == ["audio.flac", "audio-9.flac", "audio-17.flac"])
        for (file, path) in zip(session.manifest.files, session.audioPaths) {
            let expected = (0..<1_500).flatMap { place in
                (0..<file.channels).map { Bench.value(place + file.firstChannel - 1 + $0) }
            }
            #expect(try Bench.samples(path) == expected)
        }
    }

    @Test("a folder that vanishes, or is not there, is said once, and recording goes on when it is there again")
    func vanished() throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 1_000)
        let session = try #require(try bench.sessions.first)
        try FileManager.default.removeItem(atPath: session.folder.path)
        bench.recorder.look(at: 1)
        #expect(bench.recorder.news.map(\.state) == [.started, .failed])
        #expect(bench.recorder.news.last?.message.contains("vanished") == true)
        #expect(bench.recorder.session == nil)
        try FileManager.default.removeItem(atPath: bench.folder.path)
        bench.recorder.retryAt = 0
        bench.hear(to: 2_000)
        bench.recorder.retryAt = 0
        bench.hear(to: 3_000)
        #expect(bench.recorder.news.map(\.state) == [.started, .failed, .failed])
        #expect(bench.recorder.status.state == .failed)
        try FileManager.default.createDirectory(atPath: bench.folder.path, withIntermediateDirectories: false)
        bench.recorder.retryAt = 0
        bench.hear(to: 4_000)
        #expect(bench.recorder.status.state == .recording && bench.recorder.news.last?.state == .started)
    }

    @Test("real sessions that are too old or too many are removed, and nothing else; without leave recording stops")
    func retention() throws {
        let bench = try Bench { $0.after = 0 }
        bench.open()
        for index in 1...3 {
            bench.recorder.ask(.start)
            bench.hear(to: index * 2_000)
            bench.recorder.ask(.stop)
            bench.hear(to: index * 2_000 + 1)
        }
        var sessions = try bench.sessions
        #expect(sessions.count == 3)
        let other = bench.folder.path + "/holiday pictures"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
        // The first two were written long ago.
        for (session, days) in zip(sessions, [3.0, 2.0]) {
            for file in try FileManager.default.contentsOfDirectory(atPath: session.folder.path) {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date() - days * 86_400], ofItemAtPath: "\(session.folder.path)/\(file)")
            }
        }
        bench.recorder.settings.keepDays = 2.5
        bench.recorder.ask(.start)
        bench.hear(to: 8_000)
        sessions = try bench.sessions
        #expect(sessions.count == 3 && bench.recorder.status.state == .recording)
        // One byte is too little for what is there.
        bench.recorder.settings.maximumMegabytes = 1e-6
        bench.recorder.nextLook = 0
        bench.recorder.look(at: SystemClock.monotonic + 61_000_000_000)
        #expect(bench.recorder.status.message.contains("maximum_megabytes") && bench.recorder.session == nil)
        #expect(try bench.sessions.count == 3)
        #expect(try bench.sessions.allSatisfy { $0.manifest.state == .closed })
        bench.recorder.settings.removesOldest = true
        bench.recorder.retryAt = 0
        bench.hear(to: 9_000)
        #expect(try bench.sessions.count == 1 && bench.recorder.status.state == .recording)
        #expect(FileManager.default.fileExists(atPath: other))
    }

    @Test("a session that is removed is whole until it is gone; a folder inside it stays where it was")
    func removal() throws {
        let bench = try Bench { $0.after = 0 }
        let store = SessionStore(path: bench.folder.path)
        func make(_ name: String, files: Int) throws -> String {
            let folder = "\(store.path)/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            for file in ["session.json", "events.jsonl"] + (0..<files).map({ "part \($0)" }) {
                try Data().write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
            }
            return folder
        }
        let folder = try make("large", files: 20_000)
        let isRemoved = Atomic<Bool>(false)
        let halves = Atomic<Int>(0)
        let looks = Atomic<Int>(0)
        let looker = Thread {
            while !isRemoved.load(ordering: .acquiring) {
                // The last file is there before the first is gone, and as long as the folder is.
                let hasAll = access(folder + "/part 0", F_OK) == 0 && access(folder + "/part 19999", F_OK) == 0
                if !hasAll, access(folder, F_OK) == 0 { halves.add(1, ordering: .relaxed) }
                looks.add(1, ordering: .releasing)
            }
        }
        looker.start()
        while looks.load(ordering: .acquiring) == 0 { usleep(1_000) }
        try store.remove("large")
        isRemoved.store(true, ordering: .releasing)
        #expect(halves.load(ordering: .relaxed) == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.path) == [])

        let kept = try make("kept", files: 0)
        try FileManager.default.createDirectory(atPath: kept + "/pictures", withIntermediateDirectories: false)
        try store.remove("kept")
        #expect(try FileManager.default.contentsOfDirectory(atPath: kept) == ["pictures"])
        // A crash in the middle.
        _ = try make(".old.removed", files: 3)
        store.removeUnfinished()
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.path) == ["kept"])
    }

    @Test("a session that is being recorded is read, and left alone by repair; one whose recorder died is mended")
    func repair() throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 9_000)
        bench.say(.mark(text: "here"), at: 4_000)
        bench.turn()
        let folder = try #require(try bench.sessions.first?.folder)
        #expect(folder.isBeingRecorded)
        #expect(throws: RecordingError.inUse(path: folder.path)) { try SessionRepair(mending: folder) }
        // What a kill at this moment would leave, with half a line.
        let copy = SessionFolder(path: folder.path + "-copy")
        try FileManager.default.copyItem(atPath: folder.path, toPath: copy.path)
        let lines = try #require(FileHandle(forWritingAtPath: copy.events))
        try lines.seekToEnd()
        try lines.write(contentsOf: Data("{\"seq\":9,\"ty".utf8))
        try lines.close()
        let repair = try SessionRepair(mending: copy)
        #expect(repair.changes.count >= 2)
        let session = try SessionReader(folder: copy)
        #expect(session.manifest.state == .repaired && session.manifest.frames ?? 0 > 9_000 - 1_153)
        #expect(session.manifest.marks == [.init(stream: "main", audioFrame: 8_000, text: "here")])
        let samples = try Bench.samples(copy.audio)
        #expect(samples == (0..<samples.count).map(Bench.value) && Int64(samples.count) == session.manifest.frames)
        #expect(try SessionRepair(mending: copy).changes.isEmpty)
        bench.finish()
        #expect(try SessionRepair(mending: folder).changes.isEmpty)
    }
}
