// The weights of a recurrent unit, plain or gated.

/// Weights of one layer and direction, shared by all layers that use them.
public struct RecurrentWeights: Sendable {
    let input: Convolution
    let hidden: Convolution

    /// Reads `PREFIX.weight_ih_SUFFIX [gates * units, inputs]`, `weight_hh [gates * units, units]`, `bias_ih` and
    /// `bias_hh`; `gates` is the value of the layer type that uses them.
    public init(
        _ prefix: String, _ suffix: String, inputs: Int, units: Int, gates: Int, tensors: [String: Tensor]
    ) throws(NetworkError) {
        let rows = gates * units
        func convolution(_ kind: String, _ columns: Int) throws(NetworkError) -> Convolution {
            let name = "\(prefix).weight_\(kind)_\(suffix)"
            let weight = try tensors.require(name, shape: [rows, columns])
            return Convolution(
                weight: weight.rearranged(as: name, shape: [rows, columns, 1]),
                bias: try tensors.require("\(prefix).bias_\(kind)_\(suffix)", shape: [rows]))
        }
        input = try convolution("ih", inputs)
        hidden = try convolution("hh", units)
    }
}
