// A scale and a shift for every channel: what batch normalisation and standardisation are once training is over.

import CVector

/// `y[c] = x[c] * scale[c] + shift[c]`.
struct Affine: Sendable {
    let scale: [Float]
    let shift: [Float]

    /// Applies it to `[frames][channels]`.
    func apply(to input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, frames: Int) {
        timbre_affine(input, output, frames, scale.count, scale, shift)
    }
}
