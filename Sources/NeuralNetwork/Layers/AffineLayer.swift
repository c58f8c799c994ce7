// Standardisation and batch normalisation: a scale and a shift for every channel.

extension LayerDescription {
    /// `(x - mean) / std` with tensors `NAME.mean` and `NAME.std`, one value per channel.
    public static func standardize(name: String) -> LayerDescription { LayerDescription(StandardizePlan(name: name)) }

    /// Batch normalisation with the statistics of training: `NAME.weight`, `.bias`, `.running_mean`, `.running_var`.
    ///
    /// `planes` consecutive groups of channels share one set of statistics.
    public static func batchNorm(name: String, planes: Int) -> LayerDescription {
        LayerDescription(BatchNormPlan(name: name, planes: planes))
    }
}

package struct StandardizePlan: LayerPlan {
    package static let type = "standardize"
    package static let keys: Set<String> = ["name"]
    package let name: String

    init(name: String) { self.name = name }
    package init(_ fields: LayerFields) throws { name = try fields.value("name") }
    package var fields: [(key: String, value: any Encodable)] { [("name", name)] }

    package func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage] {
        func values(_ name: String) throws(NetworkError) -> [Float] {
            try builder.tensors.require(name, shape: [builder.channels]).floats
        }
        let mean = try values("\(name).mean")
        let scale = try values("\(name).std").map { 1 / $0 }
        guard scale.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw .unusableValues(tensor: "\(name).std", reason: "a standard deviation is not above zero")
        }
        return [Affine(scale: scale, shift: zip(mean, scale).map { -$0 * $1 })]
    }
}

package struct BatchNormPlan: LayerPlan {
    package static let type = "batch_norm"
    package static let keys: Set<String> = ["name", "repeat"]
    package let name: String
    package let planes: Int

    init(name: String, planes: Int = 1) { (self.name, self.planes) = (name, planes) }
    package init(_ fields: LayerFields) throws {
        name = try fields.value("name")
        planes = try fields.value("repeat", or: 1)
    }
    package var fields: [(key: String, value: any Encodable)] { [("name", name), ("repeat", planes)] }

    package func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage] {
        try builder.requirePlanes(planes)
        let count = builder.channels / planes
        builder.parameterCount += 2 * count
        return [try Affine(batchNorm: name, channels: count, tensors: builder.tensors).repeated(planes)]
    }
}

extension Affine: Stage {
    package func streaming(step: inout Int, maximumFrames: Int) -> any Layer { AffineLayer(self) }

    package func offline(_ sequence: [Float], padding: Padding) -> [Float] {
        .filled(sequence.count) { apply(to: sequence, into: $0, frames: sequence.count / scale.count) }
    }
}

/// An affine stage in a stream, without state.
final class AffineLayer: StatelessLayer {
    private let affine: Affine
    var inputSize: Int { affine.scale.count }
    var outputSize: Int { affine.scale.count }

    init(_ affine: Affine) { self.affine = affine }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        affine.apply(to: input, into: output, frames: block.frames)
    }
}
