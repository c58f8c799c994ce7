// Limits any source to the speed of a device.

import AudioCore

/// Reads another source at most in real time: a test tone, or a file replayed as if it were live.
final class PacedSource: AudioSource {
    /// Frames of one step: 5.8 ms at 44.1 kHz, like the period of a sound card.
    private static let period = 256

    private let source: any AudioSource
    private var pacer: Pacer?

    init(_ source: any AudioSource) {
        self.source = source
    }

    var isLive: Bool { source.isLive }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        let format = try source.open(stop: stop)
        pacer = Pacer(sampleRate: format.sampleRate)
        return format
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        guard let due = pacer?.wait(for: min(capacity, Self.period), timeout: timeout), due > 0 else { return .nothing }
        let result = source.read(destination, capacity: due, timeout: timeout)
        if case .frames(let count) = result { pacer?.take(count) }
        if case .reformatted(let format) = result { pacer = Pacer(sampleRate: format.sampleRate) }
        return result
    }

    var device: String? { source.device }
    var failure: String? { source.failure }

    func close() {
        source.close()
        pacer = nil
    }
}
