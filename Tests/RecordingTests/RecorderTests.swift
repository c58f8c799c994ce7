// The recorder's thread when its disk hangs.

import AudioCore
import Configuration
import Events
import Foundation
import Synchronization
import System
import TestSupport
import Testing

@testable import Recording

@Suite("Recorder") struct RecorderTests {
    static let hello = Hello(
        software: "test", stream: "a", source: "bench:", rate: 500, hop: 5, instruments: [], model: nil,
        latencyMilliseconds: 0, streams: ["a"])

    /// Holds the recorder's thread as a disk would that does not answer.
    private final class Disk: Sendable {
        let hangs = Atomic<Bool>(false)
        let rounds = Atomic<Int>(0)

        func rest() {
            rounds.add(1, ordering: .acquiringAndReleasing)
            repeat { SystemClock.sleep(nanoseconds: 1_000_000) } while hangs.load(ordering: .acquiring)
        }

        /// Waits until the thread has gone round twice, so that everything noted before was dealt with.
        func settle() {
            let end = rounds.load(ordering: .acquiring) + 2
            while rounds.load(ordering: .acquiring) < end { SystemClock.sleep(nanoseconds: 1_000_000) }
        }
    }

    private func event(_ frame: Int64) -> Event {
        Event(stream: "a", time: StreamTime(frame: frame, seconds: 0, wall: nil), .mark(text: "x"))
    }

    @Test("given up is given up: it says so for good, its session is closed, and it ends when it is told to")
    func givenUp() throws {
        let folder = try TemporaryFolder()
        var settings = RecordSettings()
        settings.minimumFreeMegabytes = 0
        settings.always = true
        let queue = RecordQueue(samples: 1 << 16, marks: 512)
        var producer = queue.producer
        let disk = Disk()
        let recorder = try Recorder(
            [RecordedSource(name: "a", hello: Self.hello, isSplit: false, hasWall: true, consumer: queue.consumer)],
            folder: folder.path, settings,
            limit: 1000, wake: {}, rest: { disk.rest() })
        producer.open(AudioFormat(sampleRate: 1000, channels: 1), wall: 0)
        producer.anchor(stream: 0, frame: 0)
        [Float](repeating: 0.1, count: 2000).withUnsafeBufferPointer { producer.push($0) }
        recorder.progress([1000], isOver: false, source: 0)
        disk.settle()
        #expect(recorder.statuses[0].state == .recording)
        disk.hangs.store(true, ordering: .releasing)
        for frame in 0..<1500 { recorder.note(event(1000 + Int64(frame)), source: 0) }
        #expect(recorder.statuses[0].state == .failed)
        disk.hangs.store(false, ordering: .releasing)
        disk.settle()
        recorder.ask(.start, source: nil)
        recorder.progress([1000], isOver: false, source: 0)
        disk.settle()
        #expect(recorder.statuses[0].state == .failed && recorder.statuses[0].message == SourceRecorder.givenUp)
        let session = try #require(try SessionStore(path: folder.path).sessions().first)
        #expect(try SessionReader.manifest(of: session).state == .closed)
        #expect(recorder.takeNews().map(\.change.state).contains(.failed))
        #expect(recorder.finish(withinMilliseconds: 5_000))
    }

    @Test("word of progress takes no room, however many sources there are and however long the disk hangs")
    func progress() throws {
        let folder = try TemporaryFolder()
        var sources: [RecordedSource] = []
        for name in ["a", "b"] {
            let queue = RecordQueue(samples: 1 << 16, marks: 512)
            sources.append(
                RecordedSource(name: name, hello: Self.hello, isSplit: false, hasWall: true, consumer: queue.consumer))
        }
        let disk = Disk()
        disk.hangs.store(true, ordering: .releasing)
        let recorder = try Recorder(
            sources, folder: folder.path, RecordSettings(), limit: 1000, wake: {}, rest: { disk.rest() })
        for frame in 0..<5000 {
            for source in 0...1 { recorder.progress([Int64(frame)], isOver: false, source: source) }
        }
        #expect(recorder.statuses.allSatisfy { $0.state != .failed })
        disk.hangs.store(false, ordering: .releasing)
        #expect(recorder.finish(withinMilliseconds: 5_000))
    }
}
