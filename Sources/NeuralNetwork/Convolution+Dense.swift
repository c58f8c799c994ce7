// Dense layers: convolutions of one tap.

extension Convolution {
    /// Takes `NAME.weight [outputs, inputs]` and, where there is one, `NAME.bias [outputs]`.
    public convenience init(
        dense name: String, inputs: Int, outputs: Int, hasBias: Bool = true, tensors: [String: Tensor]
    ) throws(NetworkError) {
        let weight = try tensors.require("\(name).weight", shape: [outputs, inputs])
        self.init(
            weight: weight.rearranged(as: weight.name, shape: [outputs, inputs, 1]),
            bias: hasBias
                ? try tensors.require("\(name).bias", shape: [outputs])
                : Tensor(name: "none", shape: [outputs], elements: .single([Float](repeating: 0, count: outputs))))
    }
}
