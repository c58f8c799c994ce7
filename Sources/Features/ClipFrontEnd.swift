// The features of the clip models: any rate resampled to 16 kHz, then the log-mel spectrogram.

/// Resampler and log-mel spectrogram, one behind the other.
///
/// The pass band goes to 7.5 kHz, the upper edge of the highest band; what folds over lands above it. `init` allocates,
/// and `reset` behind `finish`; `process` does not. For use from one thread at a time.
public final class ClipFrontEnd {
    private let resampler: Resampler
    private let logMel = LogMel()

    /// Makes a front end for samples at `sampleRate`, 1 000 to 1 000 000 Hz.
    public init(sampleRate: Int) {
        resampler = Resampler(from: sampleRate, to: LogMel.sampleRate, passBand: 0.9375, stopBand: 1.0625)
    }

    /// Takes at most 8192 finite samples and calls `body` with the 64 values of every frame that they complete.
    public func process(_ samples: UnsafeBufferPointer<Float>, _ body: (UnsafePointer<Float>) -> Void) {
        logMel.process(resampler.process(samples), body)
    }

    /// Ends the stream: flushes the resampler too. Only `reset` may follow.
    public func finish(_ body: (UnsafePointer<Float>) -> Void) {
        logMel.process(resampler.flush(), body)
    }

    /// Forgets the past.
    public func reset() {
        resampler.reset()
        logMel.reset()
    }
}
