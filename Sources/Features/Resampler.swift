// Brings one channel from the device's rate to the model's, through libsoxr.

import AudioCore
import CSoxr
import Synchronization

/// A streaming, linear-phase sample rate converter for one channel; nothing at all when the rates are equal.
///
/// As a rule the pass band goes to 0.80 of the lower Nyquist frequency (17.6 kHz at 44.1 kHz, above the highest bin of any shipped model),
/// with 20 bits of precision, the stop band from 1.10, so that what folds over lands above 0.90. libsoxr's own "HQ" recipe has
/// a steeper edge and delays 48 kHz by up to 19 ms in bursts of 17 ms; this one by less than 5 ms in bursts of 4 ms.
///
/// The input is fed to libsoxr in pieces of a fixed size, so the output does not depend on the size of the caller's
/// blocks, bit for bit. `init` allocates, and `reset` behind `flush`. `process` does not, nor does `reset` in the middle of a
/// stream: the filters were warmed up with silence of a length after which input and output are in step again, and with silence
/// they forget what went before.
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
    private static let warmUp = 32_768
    /// Input samples after which the filters may be expected to stand as they stood before.
    private static let longestPeriod = 65_536

    /// What decides how filters behave.
    private struct Filters: Hashable {
        let inputRate: Int
        let outputRate: Int
        let passBand: Double
        let stopBand: Double
    }

    /// Delay and period of all filters that were made in this process; to measure them takes as long as seconds of sound.
    private static let measured = Mutex<[Filters: (delay: Int, period: Int)]>([:])

    private let filters: Filters
    private var handle: OpaquePointer?
    private var hasEnded = false
    /// A stream begins at a multiple of this many input samples.
    private var period = 1
    /// Input and output of the handle so far, silence included.
    private var taken = 0
    private var made = 0
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
        filters = Filters(inputRate: inputRate, outputRate: outputRate, passBand: passBand, stopBand: stopBand)
        pending = .allocate(capacity: Self.piece)
        // A burst of the filters is far below the length of the warm-up.
        let inside = maximumBlock + Self.warmUp
        output = .allocate(capacity: inputRate == outputRate ? 0 : inside * outputRate / inputRate + Self.piece)
        guard inputRate != outputRate else { return }
        make()
        (delay, period) = measurements()
        settle()
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
        precondition(input.count <= maximumBlock && !hasEnded)
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
        hasEnded = true
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

    /// Forgets the past. In the middle of a stream it allocates nothing. Then at rates whose ratio is a simple one (those of
    /// devices to 44.1 kHz) the output is that of a new converter bit for bit; at others it is that within rounding. Behind
    /// `flush` it allocates, for libsoxr cannot go on, and is a new converter at every rate.
    public func reset() {
        guard inputRate != outputRate else { return }
        if hasEnded { make() }
        settle()
    }

    private func make() {
        soxr_delete(handle)
        var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
        quality.passband_end = filters.passBand
        quality.stopband_begin = filters.stopBand
        var runtime = soxr_runtime_spec(1)
        runtime.log2_min_dft_size = 8
        var shape = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
        handle = soxr_create(Double(inputRate), Double(outputRate), 1, nil, &shape, &quality, &runtime)
        precondition(handle != nil, "libsoxr is out of memory")
        hasEnded = false
        (taken, made, held) = (0, 0, 0)
    }

    /// Runs silence through the filters, so that they hold nothing else and have allocated all they need. It lasts up to a
    /// multiple of the period, so the stream after it comes out as if it were the first.
    private func settle() {
        silence(Self.warmUp + (period - (taken + Self.warmUp) % period) % period)
        (received, delivered) = (0, 0)
        skipped = taken / unit * (unit * outputRate / inputRate) - made
    }

    /// The fewest input samples that make a whole number of output samples.
    private var unit: Int { inputRate / Self.greatestCommonDivisor(inputRate, outputRate) }

    private func silence(_ count: Int) {
        var left = count
        withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.piece) { zeros in
            zeros.initialize(repeating: 0)
            while left > 0 {
                let part = min(Self.piece, left)
                _ = feed(UnsafeBufferPointer(rebasing: zeros[..<part]), into: output)
                left -= part
            }
        }
    }

    /// Delay and period of the filters, measured where they were not yet; the handle is new afterwards.
    private func measurements() -> (delay: Int, period: Int) {
        if let known = Self.measured.withLock({ $0[filters] }) { return known }
        let found = (delay: measuredDelay(), period: measuredPeriod())
        make()
        Self.measured.withLock { $0[filters] = found }
        return found
    }

    /// The longest that a sample waits while silence is fed sample by sample.
    private func measuredDelay() -> Int {
        var zero = Float(0)
        var (ready, longest) = (0, 0)
        for fed in 1...Self.warmUp {
            ready += withUnsafePointer(to: &zero) { feed(UnsafeBufferPointer(start: $0, count: 1), into: output) }
            if ready > 0 { longest = max(longest, fed - ready * inputRate / outputRate) }
        }
        return longest
    }

    /// After how many input samples the filters stand as they stood before: the bursts of their output come again then.
    /// Where that is too long, it is the unit: input and output are in step, but the blocks of the filters' transforms fall
    /// elsewhere, which changes the rounding.
    private func measuredPeriod() -> Int {
        var bursts: [Int] = []
        for _ in 0..<2 * Self.longestPeriod / Self.piece {
            let before = made
            silence(Self.piece)
            bursts.append(made - before)
        }
        let step = unit / Self.greatestCommonDivisor(unit, Self.piece)
        let found = stride(from: step, through: bursts.count / 2, by: step).first { length in
            zip(bursts, bursts.dropFirst(length)).allSatisfy(==)
        }
        return found.map { $0 * Self.piece } ?? unit
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
            taken += count
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
        made += ready
        return ready
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}
