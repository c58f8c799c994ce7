// A scale and a shift for every channel: the form of batch normalisation and standardisation after training.

import CVector

/// `y[c] = x[c] * scale[c] + shift[c]`.
package struct Affine: Sendable {
    let scale: [Float]
    let shift: [Float]

    init(scale: [Float], shift: [Float]) { (self.scale, self.shift) = (scale, shift) }

    /// Applies it to `[frames][channels]`.
    func apply(to input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, frames: Int) {
        timbre_affine(input, output, frames, scale.count, scale, shift)
    }

    /// The constant that is added to variances before the square root, PyTorch's default.
    private static let epsilon: Float = 1e-5

    /// Reads the batch normalisation `NAME.weight`, `.bias`, `.running_mean` and `.running_var`, each of shape
    /// `[channels]`.
    init(batchNorm name: String, channels: Int, tensors: [String: Tensor]) throws(NetworkError) {
        func values(_ part: String) throws(NetworkError) -> [Float] {
            try tensors.require("\(name).\(part)", shape: [channels]).floats
        }
        let (weight, bias) = (try values("weight"), try values("bias"))
        let (mean, variance) = (try values("running_mean"), try values("running_var"))
        let scale = zip(weight, variance).map { $0 / ($1 + Self.epsilon).squareRoot() }
        guard scale.allSatisfy(\.isFinite) else {
            throw .unusableValues(tensor: "\(name).running_var", reason: "a variance is negative")
        }
        self.init(scale: scale, shift: (0..<channels).map { bias[$0] - mean[$0] * scale[$0] })
    }
}

extension Affine {
    /// Returns the same scale and shift for each of several planes of channels.
    func repeated(_ planes: Int) -> Affine {
        Affine(
            scale: (0..<planes).flatMap { _ in scale }, shift: (0..<planes).flatMap { _ in shift })
    }
}
