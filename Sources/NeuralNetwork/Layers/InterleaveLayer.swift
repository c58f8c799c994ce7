// Reorders from planes of bins to bins of planes, the order for convolutions over bins.

extension LayerDescription {
    /// From `[planes][bins]` to `[bins][planes]` within every frame, the input order of `conv_2d`.
    public static func interleave(planes: Int) -> LayerDescription {
        LayerDescription(InterleavePlan(planes: planes))
    }
}

package struct InterleavePlan: LayerPlan {
    package static let type = "interleave"
    package static let keys: Set<String> = ["planes"]
    package let planes: Int

    init(planes: Int) { self.planes = planes }
    package init(_ fields: LayerFields) throws { planes = try fields.value("planes") }
    package var fields: [(key: String, value: any Encodable)] { [("planes", planes)] }

    package func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage] {
        try builder.requirePlanes(planes)
        return [Interleaving(planes: planes, bins: builder.channels / planes)]
    }
}

extension Interleaving: Stage {
    func streaming(step: inout Int, maximumFrames: Int) -> any Layer { InterleaveLayer(self) }

    func offline(_ sequence: [Float], padding: Padding) -> [Float] {
        .filled(sequence.count) { apply(to: sequence, into: $0, frames: sequence.count / size) }
    }
}

/// Converts frames of `[planes][bins]` to `[bins][planes]`.
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

/// The same in a stream, without state.
final class InterleaveLayer: StatelessLayer {
    private let interleaving: Interleaving
    var inputSize: Int { interleaving.size }
    var outputSize: Int { interleaving.size }

    init(_ interleaving: Interleaving) { self.interleaving = interleaving }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        interleaving.apply(to: input, into: output, frames: block.frames)
    }
}
