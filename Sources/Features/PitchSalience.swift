// The degree to which each bin is the fundamental of a sounding pitch.

import Glibc

/// A pitch salience computed from the log constant-Q alone, without a network.
///
/// A bin is salient when it and its partials exceed their surroundings: `P(b) = sqrt(e(b) * sum_h w_h e(b +
/// shift_h))`, where `e` is the height above the mean of the surrounding seven bins, scaled so that 24 dB are the full
/// value, and the weights of the partials 2...6 decrease as 1/h. It is the causal replacement for the estimated pitch
/// of Hung & Yang 2018, section 4.2.1.
struct PitchSalience {
    private let bins: Int
    private let reach: Int
    private let shifts: [Int]
    private let weights: [Float]
    private let emphasis: UnsafeMutablePointer<Float>

    /// Height above the surroundings that is the full value, as a fraction of the 80 dB range.
    private static let fullHeight: Float = 24.0 / 80.0

    init(bins: Int, shifts: [Int]) {
        self.bins = bins
        self.shifts = shifts
        reach = 3
        let raw = (0..<shifts.count).map { 1 / Float($0 + 2) }
        let sum = raw.reduce(0, +)
        weights = raw.map { $0 / sum }
        emphasis = .allocate(capacity: bins)
        emphasis.initialize(repeating: 0, count: bins)
    }

    func deallocate() { emphasis.deallocate() }

    /// Processes `bins` values of the log constant-Q in 0...1 and writes the same number of saliences in 0...1.
    func process(_ values: UnsafePointer<Float>, _ salience: UnsafeMutablePointer<Float>) {
        for bin in 0..<bins {
            let low = max(0, bin - reach)
            let high = min(bins - 1, bin + reach)
            var sum: Float = 0
            for other in low...high { sum += values[other] }
            let height = values[bin] - sum / Float(high - low + 1)
            emphasis[bin] = min(1, max(0, height / Self.fullHeight))
        }
        for bin in 0..<bins {
            var partials: Float = 0
            for index in 0..<shifts.count where bin + shifts[index] < bins {
                partials += weights[index] * emphasis[bin + shifts[index]]
            }
            salience[bin] = (emphasis[bin] * partials).squareRoot()
        }
    }
}
