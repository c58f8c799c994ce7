// A source that does what a test tells it to, faults included.

import AudioCore

@testable import AudioInput

/// Plays a script: `onOpen` gets the number of this opening (from 1), `onRead` the opening and the number of this read.
final class ScriptedSource: AudioSource {
    typealias Read = (_ opening: Int, _ read: Int, _ buffer: UnsafeMutableBufferPointer<Float>) -> ReadResult

    let isLive: Bool
    private let onOpen: (Int) throws(AudioInputError) -> AudioFormat
    private let onRead: Read
    private(set) var openings = 0
    private(set) var closings = 0
    private var reads = 0
    private var channels = 1

    init(
        isLive: Bool = true, onOpen: @escaping (Int) throws(AudioInputError) -> AudioFormat = { _ in .mono },
        onRead: @escaping Read
    ) {
        self.isLive = isLive
        self.onOpen = onOpen
        self.onRead = onRead
    }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        openings += 1
        reads = 0
        let format = try onOpen(openings)
        channels = format.channels
        return format
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        reads += 1
        return onRead(openings, reads, UnsafeMutableBufferPointer(start: destination, count: capacity * channels))
    }

    func close() { closings += 1 }
}

extension AudioFormat {
    static let mono = AudioFormat(sampleRate: 44_100, channels: 1)
}

extension SupervisorSettings {
    /// Impatient enough for a test.
    static let quick = SupervisorSettings(
        startWithin: 40, stallAfter: 40, firstRetry: 1, longestRetry: 2, settledAfter: 1)
}
