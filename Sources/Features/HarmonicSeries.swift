// Harmonic-series features: where the partials of the pitches that sound must lie.

/// HSF-n of Hung & Yang 2018, section 4.2.2: the pitch salience plus copies of it shifted up to the partials 2...n+1.
public struct HarmonicSeries: Sendable {
    /// Number of bins.
    public let bins: Int
    /// Shifts that are added, in bins.
    public let shifts: [Int]

    /// Shifts of the partials 2...6: 12, 19, 24, 28, 31 semitones where there are twelve bins to the octave.
    public static func partialShifts(binsPerOctave: Int) -> [Int] {
        [12, 19, 24, 28, 31].map { ($0 * binsPerOctave + 6) / 12 }
    }

    /// - Parameters:
    ///   - bins: Number of bins.
    ///   - binsPerOctave: Bins to the octave.
    ///   - harmonics: The n of HSF-n, 0...5.
    public init(bins: Int, binsPerOctave: Int, harmonics: Int) {
        self.bins = bins
        shifts = Array(Self.partialShifts(binsPerOctave: binsPerOctave).prefix(harmonics))
    }

    /// The factor that brings the raw sum into 0...1 without looking at the whole song.
    public var causalScale: Float { 1 / Float(shifts.count + 1) }

    /// Writes the raw sum, 0...n+1, of `bins` saliences in 0...1; what is shifted beyond the last bin is dropped.
    public func process(_ salience: UnsafePointer<Float>, _ series: UnsafeMutablePointer<Float>) {
        series.update(from: salience, count: bins)
        for index in 0..<shifts.count where shifts[index] < bins {
            let shift = shifts[index]
            for bin in shift..<bins { series[bin] += salience[bin - shift] }
        }
    }
}
