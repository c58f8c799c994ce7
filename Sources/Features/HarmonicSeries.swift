// Harmonic-series features: the expected positions of the partials of the sounding pitches.

/// HSF-n of Hung & Yang 2018, section 4.2.2: the pitch salience plus copies of it shifted up to the partials 2...n+1.
public struct HarmonicSeries: Sendable {
    /// Number of bins.
    public let bins: Int
    /// The shifts, in bins.
    public let shifts: [Int]

    /// Returns the shifts of the partials 2...6: 12, 19, 24, 28, 31 semitones with twelve bins per octave.
    public static func partialShifts(binsPerOctave: Int) -> [Int] {
        [12, 19, 24, 28, 31].map { ($0 * binsPerOctave + 6) / 12 }
    }

    /// - Parameters:
    ///   - bins: Number of bins.
    ///   - binsPerOctave: Number of bins per octave.
    ///   - harmonics: The n of HSF-n, 0...5.
    public init(bins: Int, binsPerOctave: Int, harmonics: Int) {
        self.bins = bins
        shifts = Array(Self.partialShifts(binsPerOctave: binsPerOctave).prefix(harmonics))
    }

    /// The factor that scales the raw sum to 0...1 without the maximum of the whole recording.
    public var causalScale: Float { 1 / Float(shifts.count + 1) }

    /// Writes the raw sum, 0...n+1, of `bins` saliences in 0...1; values that are shifted beyond the last bin are
    /// dropped.
    public func process(_ salience: UnsafePointer<Float>, _ series: UnsafeMutablePointer<Float>) {
        series.update(from: salience, count: bins)
        for index in 0..<shifts.count where shifts[index] < bins {
            let shift = shifts[index]
            for bin in shift..<bins { series[bin] += salience[bin - shift] }
        }
    }
}
