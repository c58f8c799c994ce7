// From plane behind plane to bin behind bin, the order that convolutions over bins read.

/// Turns frames of `[planes][bins]` into `[bins][planes]`.
struct Interleaving: Sendable {
    let planes: Int
    let bins: Int
    var size: Int { planes * bins }

    func apply(to input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, frames: Int) {
        for frame in 0..<frames {
            for plane in 0..<planes {
                let source = input + frame * size + plane * bins
                let target = output + frame * size + plane
                for bin in 0..<bins { target[bin * planes] = source[bin] }
            }
        }
    }
}

/// The same in a stream; there is nothing to remember.
final class InterleaveLayer: Layer {
    private let interleaving: Interleaving
    var inputSize: Int { interleaving.size }
    var outputSize: Int { interleaving.size }

    init(_ interleaving: Interleaving) { self.interleaving = interleaving }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        interleaving.apply(to: input, into: output, frames: frames)
    }

    func reset() {}
}
