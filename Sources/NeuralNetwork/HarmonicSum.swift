// A plane of bins followed by the harmonic sum of a salience: the positions of the partials.

/// Concatenates frames of `bins` inputs and the scaled sum of a salience and its shifted copies.
struct HarmonicSum: Sendable {
    /// Bins of the input, of the salience, and of the sum.
    let bins: Int
    /// The upward shift of each copy in bins; values that are shifted beyond the last bin are dropped.
    let shifts: [Int]

    /// Writes `[frames][2 * bins]`: the input, and a sum that stays within 0...1 as the salience does.
    func apply(
        to input: UnsafePointer<Float>, salience: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        frames: Int
    ) {
        let scale = 1 / Float(shifts.count + 1)
        for frame in 0..<frames {
            let source = salience + frame * bins
            let plane = output + (2 * frame + 1) * bins
            (plane - bins).update(from: input + frame * bins, count: bins)
            plane.update(from: source, count: bins)
            for index in 0..<shifts.count where shifts[index] < bins {
                let shift = shifts[index]
                for bin in shift..<bins { plane[bin] += source[bin - shift] }
            }
            for bin in 0..<bins { plane[bin] *= scale }
        }
    }
}
