// A hundred power cuts in a recording: what the disk may have kept is enough.

import Foundation
import Recording
import SceneFixtures
import TestSupport
import Testing

@Suite("Power cuts", .serialized) struct PowerCutTests {
    /// The sound and the last line of each session in a folder, by name.
    private static func heard(_ folder: String) throws -> [String: (frames: Int64, last: Double)] {
        var heard: [String: (frames: Int64, last: Double)] = [:]
        for session in try SessionStore(path: folder).sessions() {
            let bytes = (try? Data(contentsOf: URL(fileURLWithPath: session.events))) ?? Data()
            let events = try SessionEvents(bytes: [UInt8](bytes), path: session.events)
            heard[session.name] = (
                session.framesSoFar, events.lines.compactMap { $0.event.position?.time.seconds }.max() ?? 0
            )
        }
        return heard
    }

    @Test(
        "Promise 14: power lost at any of a hundred moments costs a recording at most 2 s, and never the session",
        .enabled(if: PowerCutRecord.isMissing == nil, Comment(rawValue: PowerCutRecord.isMissing ?? "")))
    func hundred() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let log = scene.folder.path + "/writes"
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"tone:440\"\n"
                + sessions.table("always = yes\npart_minutes = 0.1\n"),
            scene: scene,
            environment: try PowerCutRecord.watch(sessions.folder, log: log, in: scene.folder.path))
        let client = try daemon.connect()
        _ = try daemon.read(client, timeout: 20_000) { ($0.position?.time.seconds ?? 0) >= 8 }
        #expect(daemon.end() != nil)
        let record = try PowerCutRecord(log: log, root: sessions.folder)
        #expect(record.syncs > 10, "the program never waited for the disk")

        var generator = SeededGenerator(1)
        var losses: [Double] = []
        for number in 0..<100 {
            let moment = Double.random(in: record.span, using: &generator)
            let (cut, kept) = (scene.folder.path + "/cut\(number)", scene.folder.path + "/kept\(number)")
            try record.cut(at: moment, into: cut, using: &generator)
            // What everybody could see two seconds before must be there.
            try record.kill(at: moment - 2, into: kept)
            SessionStore(path: cut).removeUnfinished()
            for folder in try SessionStore(path: cut).sessions() {
                do {
                    _ = try SessionRepair(mending: folder)
                } catch {
                    let sound = (try? Data(contentsOf: URL(fileURLWithPath: folder.audio))) ?? Data()
                    Issue.record(
                        "cut \(number): \(error); it has \(sound.count) bytes and begins \(Array(sound.prefix(64)))")
                }
            }
            let found = try Self.heard(cut)
            for (name, wanted) in try Self.heard(kept) {
                guard let session = found[name] else {
                    Issue.record("cut \(number) at \(moment): the session \(name) is gone")
                    continue
                }
                #expect(
                    session.frames >= wanted.frames,
                    "cut \(number): \(wanted.frames - session.frames) frames more are lost")
                #expect(session.last >= wanted.last, "cut \(number): lines are lost")
                let reader = try SessionReader(folder: SessionFolder(path: "\(cut)/\(name)"))
                #expect(reader.manifest.state != .open)
            }
            try record.kill(at: moment, into: kept + "-now")
            let now = try Self.heard(kept + "-now")
            let lost = now.reduce(0) { $0 + max(0, $1.value.frames - (found[$1.key]?.frames ?? 0)) }
            losses.append(Double(lost) / 44_100)
        }
        losses.sort()
        print(
            "100 power cuts: lost sound median \(String(format: "%.2f", losses[50])) s, "
                + "most \(String(format: "%.2f", losses[99])) s")
        #expect((losses.last ?? 0) < 2)
    }
}
