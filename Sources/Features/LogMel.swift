// The front end of the clip models: a log-mel spectrogram as defined by VGGish, frame by frame.

import CVector
import Glibc

/// An incremental log-mel spectrogram.
///
/// Frames of 25 ms every 10 ms at 16 kHz, a periodic Hann window, the magnitudes of 512 points, 64 triangular bands
/// from 125 to 7500 Hz with equal width on HTK's mel scale, and the logarithm of their sum plus 0.01. Frame n contains
/// the samples from 160 n to 160 n + 400, so a frame is complete with its newest sample and there is no padding.
///
/// `init` allocates everything; `process` allocates nothing. Only one thread at a time may use it.
/// Source: Hershey et al., *CNN architectures for large-scale audio classification*, ICASSP 2017.
public final class LogMel {
    /// Samples per second of the input.
    public static let sampleRate = 16_000
    /// Samples between the starts of two frames.
    public static let hop = 160
    /// Samples of one frame.
    public static let window = 400
    /// Values of one frame.
    public static let bands = 64
    /// Lower edge of the lowest and upper edge of the highest band, in hertz.
    public static let range = 125.0...7500.0
    /// Added before the logarithm, whose lowest value is therefore -4.6.
    public static let offset: Float = 0.01

    private var signal = SlidingWindow(capacity: window)
    /// Number of samples until the next frame is complete.
    private var missing = window
    private let tables: UnsafeMutablePointer<TimbreSpectrum>
    private let shape: UnsafeMutablePointer<Float>
    private let magnitudes: UnsafeMutablePointer<Float>
    private let frame: UnsafeMutablePointer<Float>
    private let filters: [TimbreBand]
    private let weights: [Float]

    /// Allocates the front end.
    public init() {
        tables = .allocate(capacity: 1)
        timbre_spectrum_prepare(tables)
        shape = .allocate(capacity: Self.window)
        for index in 0..<Self.window {
            let phase = 2 * Double.pi * Double(index) / Double(Self.window)
            (shape + index).initialize(to: Float(0.5 - 0.5 * cos(phase)))
        }
        magnitudes = .allocate(capacity: Int(timbre_spectrum_points) / 2 + 1)
        magnitudes.initialize(repeating: 0, count: Int(timbre_spectrum_points) / 2 + 1)
        frame = .allocate(capacity: Self.bands)
        frame.initialize(repeating: 0, count: Self.bands)
        (filters, weights) = Self.triangles()
    }

    deinit {
        tables.deallocate()
        shape.deallocate()
        magnitudes.deallocate()
        frame.deallocate()
    }

    /// Processes finite samples and calls `body` with the 64 values of every frame that they complete.
    public func process(_ samples: UnsafeBufferPointer<Float>, _ body: (UnsafePointer<Float>) -> Void) {
        guard let start = samples.baseAddress else { return }
        var taken = 0
        while taken < samples.count {
            let count = min(missing, samples.count - taken)
            signal.append(start + taken, count: count)
            taken += count
            missing -= count
            guard missing == 0 else { return }
            missing = Self.hop
            timbre_spectrum(tables, signal.end - Self.window, shape, Self.window, magnitudes)
            timbre_log_bands(magnitudes, filters, filters.count, weights, Self.offset, frame)
            body(frame)
        }
    }

    /// Resets the state: the next sample is the first of a frame.
    public func reset() {
        signal.reset()
        missing = Self.window
    }

    /// Returns the edges of the bands `first` to `last`, in hertz.
    public static func frequencies(ofBands first: Int, through last: Int) -> ClosedRange<Double> {
        edge(first)...edge(last + 2)
    }

    /// Band b rises from edge b to edge b + 1 and falls to edge b + 2.
    private static func edge(_ index: Int) -> Double {
        hertz(mel(range.lowerBound) + Double(index) * melStep)
    }

    private static func mel(_ hertz: Double) -> Double { 1127 * log(1 + hertz / 700) }
    private static func hertz(_ mel: Double) -> Double { 700 * (exp(mel / 1127) - 1) }
    private static var melStep: Double { (mel(range.upperBound) - mel(range.lowerBound)) / Double(bands + 1) }

    /// Returns the triangles, linear on the mel scale; the point at 0 Hz belongs to no band.
    private static func triangles() -> (filters: [TimbreBand], weights: [Float]) {
        let low = mel(range.lowerBound)
        var filters: [TimbreBand] = []
        var weights: [Float] = []
        for band in 0..<bands {
            var filter = TimbreBand(first: 0, count: 0)
            for point in 1...Int(timbre_spectrum_points) / 2 {
                let frequency = Double(point * sampleRate) / Double(timbre_spectrum_points)
                let position = (mel(frequency) - low) / melStep - Double(band)
                let weight = min(position, 2 - position)
                guard weight > 0 else { continue }
                if filter.count == 0 { filter.first = point }
                filter.count += 1
                weights.append(Float(weight))
            }
            filters.append(filter)
        }
        return (filters, weights)
    }
}
