// Batch normalisation and standardisation in a stream.

final class AffineLayer: Layer {
    private let affine: Affine
    var inputSize: Int { affine.scale.count }
    var outputSize: Int { affine.scale.count }

    init(_ affine: Affine) { self.affine = affine }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        affine.apply(to: input, into: output, frames: frames)
    }

    func reset() {}
}
