// Brings one channel from the device's rate to the model's, through libsoxr.

import AudioCore
import CSoxr

/// A streaming, linear-phase sample rate converter for one channel; nothing at all when the rates are equal.
///
/// As a rule the pass band goes to 0.80 of the lower Nyquist frequency (17.6 kHz at 44.1 kHz, above the highest bin of any shipped model),
/// with 20 bits of precision, the stop band from 1.10, so that what folds over lands above 0.90. libsoxr's own "HQ" recipe has
/// a steeper edge and delays 48 kHz by up to 19 ms in bursts of 17 ms; this one by less than 5 ms in bursts of 4 ms.
///
/// The input is fed to libsoxr in pieces of a fixed size, so the output does not depend on the size of the caller's
/// blocks, bit for bit. `init` and `reset` allocate; `process` does not, because the filters were warmed up with
/// silence of a length after which input and output are in step again.
public final class Resampler {
    /// Rate of the input, in hertz.
    public let inputRate: Int
    /// Rate of the output, in hertz.
    public let outputRate: Int
    /// Most samples that one `process` takes.
    public let maximumBlock: Int
    /// The longest that a sample can wait inside, in input samples: output for time t is out as soon as this many
    /// samples after t went in. 0 when the rates are equal.
    public private(set) var delay = 0

    /// Input samples of one piece.
    private static let piece = 32
    /// At least this much silence goes through the filters before the stream: several of their longest blocks.
    private static let warmUp = 16_384

    private let passBand: Double
    private let stopBand: Double
    private var handle: OpaquePointer?
    private let pending: UnsafeMutableBufferPointer<Float>
    private let output: UnsafeMutableBufferPointer<Float>
    private var held = 0
    private var received = 0
    private var delivered = 0
    /// Output of the silence that went before the stream and is still to come.
    private var skipped = 0

    /// Makes a converter.
    ///
    /// - Parameters:
    ///   - inputRate: 1 000 to 1 000 000 Hz.
    ///   - outputRate: likewise.
    ///   - maximumBlock: most samples of one `process`.
    ///   - passBand: end of the pass band, as a part of the lower Nyquist frequency.
    ///   - stopBand: begin of the stop band, likewise.
    public init(
        from inputRate: Int, to outputRate: Int, maximumBlock: Int = 8_192, passBand: Double = 0.80,
        stopBand: Double = 1.10
    ) {
        precondition(min(inputRate, outputRate) >= 1_000 && max(inputRate, outputRate) <= 1_000_000)
        self.inputRate = inputRate
        self.outputRate = outputRate
        self.maximumBlock = maximumBlock
        self.passBand = passBand
        self.stopBand = stopBand
        pending = .allocate(capacity: Self.piece)
        // A burst of the filters is far below the length of the warm-up.
        let inside = maximumBlock + Self.warmUp
        output = .allocate(capacity: inputRate == outputRate ? 0 : inside * outputRate / inputRate + Self.piece)
        reset()
    }

    deinit {
        soxr_delete(handle)
        pending.deallocate()
        output.deallocate()
    }

    /// Samples of output for this many samples of input, when all is flushed: the nearest whole number.
    public func length(ofInput count: Int) -> Int {
        (2 * count * outputRate + inputRate) / (2 * inputRate)
    }

    /// Converts samples.
    ///
    /// - Parameter input: at most `maximumBlock` samples.
    /// - Returns: the output that is ready, valid until the next call; `input` itself when the rates are equal.
    public func process(_ input: UnsafeBufferPointer<Float>) -> UnsafeBufferPointer<Float> {
        precondition(input.count <= maximumBlock)
        guard inputRate != outputRate else { return input }
        received += input.count
        return deliver(feed(input, into: output))
    }

    /// Ends the stream: returns the rest, so that the whole has `length(ofInput:)` samples, valid until the next call.
    /// Only `reset` may follow.
    public func flush() -> UnsafeBufferPointer<Float> {
        guard inputRate != outputRate else { return UnsafeBufferPointer(start: nil, count: 0) }
        var ready = convert(pending.baseAddress, held, into: output[...])
        ready += convert(nil, 0, into: output[ready...])
        // libsoxr rounds the length in its own way; a zero more or a sample less makes it ours.
        let wanted = length(ofInput: received) - delivered + skipped
        if ready < wanted { output[ready..<wanted].update(repeating: 0) }
        return deliver(wanted)
    }

    private func deliver(_ ready: Int) -> UnsafeBufferPointer<Float> {
        let silent = min(skipped, ready)
        skipped -= silent
        delivered += ready - silent
        return UnsafeBufferPointer(rebasing: output[silent..<ready])
    }

    /// Forgets the past. Allocates: libsoxr cannot begin again without.
    public func reset() {
        held = 0
        received = 0
        delivered = 0
        guard inputRate != outputRate else { return }
        soxr_delete(handle)
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        quality.passband_end = passBand
        quality.stopband_begin = stopBand
        var runtime = soxr_runtime_spec(1)
        runtime.log2_min_dft_size = 8
        var shape = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        handle = soxr_create(Double(inputRate), Double(outputRate), 1, nil, &shape, &quality, &runtime)
        precondition(handle != nil, "libsoxr is out of memory")
        settle()
    }

    /// Runs silence through the filters until they have allocated all they need, and measures the delay meanwhile. The
    /// silence lasts a whole number of output samples, so the stream after it comes out as if it were the first.
    private func settle() {
        let unit = inputRate / Self.greatestCommonDivisor(inputRate, outputRate)
        let silence = unit * (1 + Self.warmUp / unit)
        var zero = Float(0)
        var ready = 0
        delay = 0
        for fed in 1...silence {
            ready += withUnsafePointer(to: &zero) { feed(UnsafeBufferPointer(start: $0, count: 1), into: output) }
            if ready > 0 { delay = max(delay, fed - ready * inputRate / outputRate) }
        }
        skipped = silence / unit * (unit * outputRate / inputRate) - ready
    }

    private func feed(
        _ input: UnsafeBufferPointer<Float>, into output: UnsafeMutableBufferPointer<Float>
    ) -> Int {
        var used = 0
        var ready = 0
        while used < input.count {
            let count = min(input.count - used, Self.piece - held)
            for index in 0..<count { pending[held + index] = input[used + index] }
            held += count
            used += count
            guard held == Self.piece else { break }
            ready += convert(pending.baseAddress, held, into: output[ready...])
            held = 0
        }
        return ready
    }

    private func convert(
        _ input: UnsafeMutablePointer<Float>?, _ count: Int, into room: Slice<UnsafeMutableBufferPointer<Float>>
    ) -> Int {
        var ready = 0
        let space = UnsafeMutableBufferPointer(rebasing: room)
        soxr_process(handle, input, count, nil, space.baseAddress, space.count, &ready)
        return ready
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}
