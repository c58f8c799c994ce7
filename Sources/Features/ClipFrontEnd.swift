// The features of the clip models: any rate resampled to 16 kHz, then the log-mel spectrogram.

/// A resampler followed by a log-mel spectrogram.
///
/// The pass band extends to 7.5 kHz, the upper edge of the highest band; aliases are above it. `init` allocates, and
/// so does `reset` after `finish`; `process` does not. Only one thread at a time may use it.
public final class ClipFrontEnd {
    private let resampler: Resampler
    private let logMel = LogMel()

    /// Creates a front end for samples at `sampleRate`, 1 000 to 1 000 000 Hz.
    public init(sampleRate: Int) {
        resampler = Resampler(from: sampleRate, to: LogMel.sampleRate, passBand: 0.9375, stopBand: 1.0625)
    }

    /// Processes at most 8192 finite samples and calls `body` with the 64 values of every frame that they complete.
    public func process(_ samples: UnsafeBufferPointer<Float>, _ body: (UnsafePointer<Float>) -> Void) {
        logMel.process(resampler.process(samples), body)
    }

    /// Ends the stream and also flushes the resampler. Only `reset` may follow.
    public func finish(_ body: (UnsafePointer<Float>) -> Void) {
        logMel.process(resampler.flush(), body)
    }

    /// Resets the state.
    public func reset() {
        resampler.reset()
        logMel.reset()
    }
}
