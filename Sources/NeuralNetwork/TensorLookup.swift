// Finds tensors by name and refuses those a layer could not calculate with.

extension [String: Tensor] {
    /// The tensor `name`, which must have this shape and finite values.
    package func require(_ name: String, shape: [Int]) throws(NetworkError) -> Tensor {
        guard let tensor = self[name] else { throw .missingTensor(name, expected: shape) }
        guard tensor.shape == shape else { throw .wrongShape(tensor: name, expected: shape, found: tensor.shape) }
        guard tensor.isFinite else {
            throw .unusableValues(tensor: name, reason: "it holds an infinity or something that is not a number")
        }
        return tensor
    }
}
