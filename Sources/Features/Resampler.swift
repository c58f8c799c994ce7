// Converts one channel from the device's rate to the model's, with libsoxr.

import AudioCore
import CSoxr
import Synchronization

/// A streaming, linear-phase sample rate converter for one channel; when the rates are equal it does nothing.
///
/// By default the pass band extends to 0.80 of the lower Nyquist frequency (17.6 kHz at 44.1 kHz, above the highest
/// bin of any shipped model), with 20 bits of precision, and the stop band begins at 1.10, so that aliases are above
/// 0.90. libsoxr's own "HQ" recipe has a steeper edge and delays 48 kHz by up to 19 ms in bursts of 17 ms; this filter
/// delays it by less than 5 ms in bursts of 4 ms.
///
/// libsoxr receives the input in pieces of a fixed size, so the output does not depend on the caller's block sizes,
/// bit for bit. `init` allocates, and so does `reset` after `flush`. `process` does not, nor does `reset` within a
/// stream: the filters are started with silence of a length after which input and output are in step, and further
/// silence clears them.
public final class Resampler {
    /// Rate of the input, in hertz.
    public let inputRate: Int
    /// Rate of the output, in hertz.
    public let outputRate: Int
    /// Largest number of samples of one `process`.
    public let maximumBlock: Int
    /// The longest time that a sample remains inside, in input samples: output for time t is available as soon as this
    /// many samples after t were processed. 0 when the rates are equal.
    public private(set) var delay = 0

    /// Input samples of one piece.
    private static let piece = 32
    /// The minimum length of the silence before the stream, in samples: several of the filters' longest blocks.
    private static let warmUp = 32_768
    /// Number of input samples within which the filters are expected to return to the same state.
    private static let longestPeriod = 65_536

    /// The parameters that determine the behaviour of the filters.
    private struct Filters: Hashable {
        let inputRate: Int
        let outputRate: Int
        let passBand: Double
        let stopBand: Double
    }

    /// Delay and period of all filters that were created in this process; measuring them takes as long as processing
    /// seconds of audio.
    private static let measured = Mutex<[Filters: (delay: Int, period: Int)]>([:])

    private let filters: Filters
    private var handle: OpaquePointer?
    private var hasEnded = false
    /// A stream begins at a multiple of this number of input samples.
    private var period = 1
    /// Input and output of the handle so far, including silence.
    private var taken = 0
    private var made = 0
    private let pending: UnsafeMutableBufferPointer<Float>
    private let output: UnsafeMutableBufferPointer<Float>
    private var held = 0
    private var received = 0
    private var delivered = 0
    /// Remaining output of the silence before the stream.
    private var skipped = 0

    /// Creates a converter.
    ///
    /// - Parameters:
    ///   - inputRate: 1 000 to 1 000 000 Hz.
    ///   - outputRate: 1 000 to 1 000 000 Hz.
    ///   - maximumBlock: largest number of samples of one `process`.
    ///   - passBand: end of the pass band, as a fraction of the lower Nyquist frequency.
    ///   - stopBand: beginning of the stop band, as a fraction of the lower Nyquist frequency.
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
        // A burst of the filters is much shorter than the silence at the start.
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

    /// Returns the number of output samples for this number of input samples after a flush: the nearest integer.
    public func length(ofInput count: Int) -> Int {
        (2 * count * outputRate + inputRate) / (2 * inputRate)
    }

    /// Converts samples.
    ///
    /// - Parameter input: at most `maximumBlock` samples.
    /// - Returns: the available output, valid until the next call; `input` itself when the rates are equal.
    public func process(_ input: UnsafeBufferPointer<Float>) -> UnsafeBufferPointer<Float> {
        precondition(input.count <= maximumBlock && !hasEnded)
        guard inputRate != outputRate else { return input }
        received += input.count
        return deliver(feed(input, into: output))
    }

    /// Ends the stream and returns the remaining output, so that the total has `length(ofInput:)` samples; it is valid
    /// until the next call. Only `reset` may follow.
    public func flush() -> UnsafeBufferPointer<Float> {
        guard inputRate != outputRate else { return UnsafeBufferPointer(start: nil, count: 0) }
        var ready = convert(pending.baseAddress, held, into: output[...])
        ready += convert(nil, 0, into: output[ready...])
        hasEnded = true
        // libsoxr rounds the length differently; an additional zero or one sample less corrects it.
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

    /// Resets the state. Within a stream it allocates nothing. At rates with a simple ratio (those of devices to 44.1
    /// kHz) the output then equals that of a new converter bit for bit; at other rates it is equal within rounding.
    /// After `flush` it allocates, because libsoxr cannot continue, and the state is that of a new converter at every
    /// rate.
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

    /// Processes silence, so that the filters contain nothing else and have allocated all their memory. It ends at a
    /// multiple of the period, so that the stream after it is converted as if it were the first.
    private func settle() {
        silence(Self.warmUp + (period - (taken + Self.warmUp) % period) % period)
        (received, delivered) = (0, 0)
        skipped = taken / unit * (unit * outputRate / inputRate) - made
    }

    /// The smallest number of input samples that corresponds to an integer number of output samples.
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

    /// Returns delay and period of the filters, and measures them where they are not known; the handle is new
    /// afterwards.
    private func measurements() -> (delay: Int, period: Int) {
        if let known = Self.measured.withLock({ $0[filters] }) { return known }
        let found = (delay: measuredDelay(), period: measuredPeriod())
        make()
        Self.measured.withLock { $0[filters] = found }
        return found
    }

    /// Returns the longest time that a sample remains inside while silence is processed sample by sample.
    private func measuredDelay() -> Int {
        var zero = Float(0)
        var (ready, longest) = (0, 0)
        for fed in 1...Self.warmUp {
            ready += withUnsafePointer(to: &zero) { feed(UnsafeBufferPointer(start: $0, count: 1), into: output) }
            if ready > 0 { longest = max(longest, fed - ready * inputRate / outputRate) }
        }
        return longest
    }

    /// Returns the number of input samples after which the filters return to the same state, so that the bursts of
    /// their output repeat. Where that number is too large, the result is the unit: input and output are in step, but
    /// the block boundaries of the filters' transforms differ, which changes the rounding.
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
