// A source whose audio and events a test says, recorded into a folder of its own.

import AudioCore
import AudioFiles
import Configuration
import Events

@testable import Recording

/// A source of the test's own. The sample at place p is `value(p)`, so a file says where it came from.
final class Bench {
    static let rate = 1000
    let folder: TemporaryFolder
    let recorder: SourceRecorder
    private var producer: RecordProducer
    private var channels: Int
    private(set) var place = 0

    /// Streams run at half the rate of the sound, so that the two clocks differ.
    init(channels: Int = 1, isSplit: Bool = false, _ change: (inout RecordSettings) -> Void) throws {
        folder = try TemporaryFolder()
        var settings = RecordSettings()
        settings.minimumFreeMegabytes = 0
        settings.before = 0
        settings.after = 0
        change(&settings)
        let queue = RecordQueue(samples: 1 << 16, marks: 512)
        producer = queue.producer
        self.channels = channels
        let hello = Hello(
            software: "test", stream: "main", source: "bench:", rate: Bench.rate / 2, hop: 5, instruments: [],
            model: nil, latencyMilliseconds: 0, streams: ["main"])
        recorder = SourceRecorder(
            RecordedSource(name: "main", hello: hello, isSplit: isSplit, hasWall: true, consumer: queue.consumer),
            folder: folder.path, settings, room: SessionRoom(SessionStore(path: folder.path)))
    }

    static func value(_ place: Int) -> Float { Float(place % 8191) / 8192 }

    func open(rate: Int = Bench.rate) {
        producer.open(AudioFormat(sampleRate: rate, channels: channels), wall: 1_795_240_800_000_000_000)
        producer.anchor(stream: 0, frame: Int64(place / 2))
    }

    /// The source goes on with another number of channels.
    func `continue`(channels: Int) {
        self.channels = channels
        open()
    }

    /// Sound, and word of it, up to a place.
    func hear(to end: Int) {
        deliver(to: end)
        turn()
    }

    /// Sound up to a place, which the recorder has not read yet.
    func deliver(to end: Int) {
        let samples = (place..<end).flatMap { place in (0..<channels).map { Self.value(place + $0) } }
        samples.withUnsafeBufferPointer { producer.push($0) }
        place = end
    }

    func gap(_ frames: Int, streamFrame: Int) {
        producer.gap(frames: frames, .xrun, wall: 1_795_240_800_000_000_000 + Int64(place + frames) * 1_000_000)
        producer.anchor(stream: 0, frame: Int64(streamFrame))
        place += frames
    }

    /// Everything up to a frame of the stream was said; without one, up to the sound's end.
    func turn(to frame: Int? = nil, isOver: Bool = false) {
        recorder.take(positions: [Int64(frame ?? place / 2)], isOver: isOver)
        recorder.turn(isLast: false)
        recorder.settle()
    }

    func say(_ body: Event.Body, at frame: Int) {
        recorder.take(
            Event(stream: "main", time: StreamTime(frame: Int64(frame), seconds: Double(frame) / 500, wall: nil), body))
    }

    func finish() {
        recorder.turn(isLast: true)
        recorder.settle()
    }

    var sessions: [SessionReader] {
        get throws { try recorder.store.sessions().map { try SessionReader(folder: $0) } }
    }

    static func samples(_ path: String) throws -> [Float] {
        let reader = try AudioFileReader(path: path)
        var samples: [Float] = []
        var block = [Float](repeating: 0, count: 1024 * reader.format.channels)
        while case .frames(let count) = reader.read(&block, capacity: 1024) {
            samples += block[..<(count * reader.format.channels)]
        }
        return samples
    }
}
