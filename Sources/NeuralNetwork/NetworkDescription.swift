// A network as the model file's JSON describes it.

/// Input size and layers, first to last.
public struct NetworkDescription: Codable, Equatable, Sendable {
    /// Floats in one input frame.
    public var inputs: Int
    /// The layers, in the order in which they are applied.
    public var layers: [LayerDescription]

    /// Describes a network.
    public init(inputs: Int, layers: [LayerDescription]) {
        self.inputs = inputs
        self.layers = layers
    }
}
