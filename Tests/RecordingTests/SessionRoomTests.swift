// The folder's limits while sessions are recorded and while none is.

import AudioCore
import Foundation
import System
import Testing

@testable import Recording

@Suite struct SessionRoomTests {
    /// Makes a closed session whose last write was so many days ago; one that cannot be removed has a folder for its manifest.
    private func session(_ name: String, days: Double, in bench: Bench, canBeRemoved: Bool = true) throws -> String {
        let folder = "\(bench.folder.path)/\(name)"
        let manifest = "\(folder)/session.json"
        let files = FileManager.default
        try files.createDirectory(atPath: canBeRemoved ? folder : manifest, withIntermediateDirectories: true)
        if canBeRemoved { try Data("{}".utf8).write(to: URL(filePath: manifest)) }
        try files.setAttributes([.modificationDate: Date() - days * 86_400], ofItemAtPath: manifest)
        return folder
    }

    @Test("a session that cannot be removed is told and stops no recording")
    func stuck() throws {
        let bench = try Bench {
            $0.always = true
            $0.keepDays = 1
        }
        let stuck = try session("2020-stuck", days: 3, in: bench, canBeRemoved: false)
        let old = try session("2021-old", days: 3, in: bench)
        bench.open()
        bench.hear(to: 1_000)
        #expect(bench.recorder.status.state == .recording)
        #expect(bench.recorder.status.message.contains("2020-stuck"), "\(bench.recorder.status.message)")
        #expect(FileManager.default.fileExists(atPath: stuck) && !FileManager.default.fileExists(atPath: old))
    }

    @Test("sessions that are too old are removed while nothing is recorded, and no others")
    func tidy() throws {
        let bench = try Bench {
            $0.keepDays = 1
            $0.maximumMegabytes = 1e-6
            $0.removesOldest = true
        }
        let old = try session("2021-old", days: 3, in: bench)
        let new = try session("2022-new", days: 0, in: bench)
        bench.recorder.look(at: SystemClock.monotonic)
        #expect(!FileManager.default.fileExists(atPath: old) && FileManager.default.fileExists(atPath: new))
    }

    @Test("what a closed session occupies is looked up once for all sources, and a session that grows each time")
    func once() throws {
        let bench = try Bench { $0.keepDays = 1 }
        let closed = try session("2022-closed", days: 0, in: bench)
        var retention = bench.recorder.retention
        retention.maximumBytes = 1 << 30
        let room = bench.recorder.room
        func problem() throws -> String? {
            try room.make(within: retention, free: 1 << 40, at: SystemClock.monotonic, isBeginning: true)
        }
        #expect(try problem() == nil)
        try Data(count: 1 << 20).write(to: URL(filePath: "\(closed)/audio.flac"))
        retention.maximumBytes = 1 << 19
        #expect(try problem() == nil)
        _ = try session("2023-other", days: 0, in: bench)
        try Data(count: 1 << 20).write(to: URL(filePath: "\(bench.folder.path)/2023-other/audio.flac"))
        #expect(try problem()?.contains("maximum_megabytes") == true)
    }

    @Test("a closed session that somebody holds, as a repair does, is not removed before it is free")
    func held() throws {
        let bench = try Bench { $0.keepDays = 1 }
        let closed = try session("2022-closed", days: 0, in: bench)
        let lines = "\(closed)/events.jsonl"
        try Data().write(to: URL(filePath: lines))
        var retention = bench.recorder.retention
        func look() throws {
            _ = try bench.recorder.room.make(
                within: retention, free: 1 << 40, at: SystemClock.monotonic, isBeginning: true)
        }
        try look()
        // Everything is too old.
        retention.maximumAge = -1
        let holder = try #require(FileHandle(forUpdatingAtPath: lines))
        #expect(flock(holder.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
        try look()
        #expect(FileManager.default.fileExists(atPath: closed))
        try holder.close()
        try look()
        #expect(!FileManager.default.fileExists(atPath: closed))
    }

    @Test("all sources together look at the folder once a minute, and at the beginning of a session")
    func interval() throws {
        let bench = try Bench { $0.maximumMegabytes = 1e-6 }
        let retention = bench.recorder.retention
        func problem(after seconds: Int64, isBeginning: Bool = false) throws -> String? {
            try bench.recorder.room.make(
                within: retention, free: 1 << 40, at: seconds * 1_000_000_000, isBeginning: isBeginning)
        }
        #expect(try problem(after: 0) == nil)
        let folder = try session("2022-other", days: 0, in: bench)
        try Data(count: 1 << 20).write(to: URL(filePath: "\(folder)/audio.flac"))
        #expect(try problem(after: 59) == nil)
        #expect(try problem(after: 60) != nil)
        try FileManager.default.removeItem(atPath: folder)
        #expect(try problem(after: 61) != nil)
        #expect(try problem(after: 62, isBeginning: true) == nil)
    }

    @Test("audio that waits because the disk was slow is not missing")
    func slowDisk() throws {
        let bench = try Bench {
            $0.level = -60
            $0.after = 2
        }
        bench.open()
        bench.hear(to: 2_000)
        let now = SystemClock.monotonic
        bench.recorder.look(at: now)
        bench.deliver(to: 4_000)
        bench.recorder.look(at: now + 12_000_000_000)
        #expect(bench.recorder.session != nil)
        bench.turn()
        bench.finish()
        #expect(try bench.sessions.map(\.manifest.part) == [1])
    }

    @Test("what was loud before a long gap is no cause after it")
    func loudBefore() throws {
        let bench = try Bench { $0.level = -60 }
        bench.open()
        bench.hear(to: 2_000)
        #expect(bench.recorder.session != nil)
        bench.gap(20_000, streamFrame: 1_000)
        bench.turn(to: 1_001)
        #expect(bench.recorder.session == nil && bench.recorder.trigger.cause == nil)
        #expect(try bench.sessions.count == 1)
    }

    @Test("a session ends while its device is away, when its cause has ended")
    func deviceAway() throws {
        let bench = try Bench {
            $0.level = -60
            $0.after = 2
        }
        bench.open()
        bench.hear(to: 2_000)
        #expect(bench.recorder.session != nil && bench.recorder.status.cause == "level")
        let now = SystemClock.monotonic
        bench.recorder.look(at: now + 5_000_000_000)
        #expect(bench.recorder.session != nil)
        bench.recorder.look(at: now + 12_000_000_000)
        #expect(bench.recorder.session == nil && bench.recorder.news.last?.message.contains("no more audio") == true)
        bench.recorder.turn(isLast: false)
        #expect(bench.recorder.session == nil)
    }
}
