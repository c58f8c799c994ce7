// Consecutive layers, with the two buffers between them.

/// A layer that consists of layers.
final class LayerChain: Layer {
    private let layers: [any Layer]
    private let buffers: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
    let inputSize: Int
    let outputSize: Int

    /// `layers` is not empty, and the input size of every layer is the output size of the previous one.
    init(_ layers: [any Layer], maximumFrames: Int) {
        self.layers = layers
        inputSize = layers.first?.inputSize ?? 0
        outputSize = layers.last?.outputSize ?? 0
        let capacity = (layers.map(\.outputSize).max() ?? 0) * maximumFrames
        buffers = (.allocate(capacity: capacity), .allocate(capacity: capacity))
        buffers.0.initialize(repeating: 0, count: capacity)
        buffers.1.initialize(repeating: 0, count: capacity)
    }

    deinit {
        buffers.0.deallocate()
        buffers.1.deallocate()
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        var source = input
        for index in layers.indices {
            let target = index == layers.count - 1 ? output : index % 2 == 0 ? buffers.0 : buffers.1
            layers[index].process(source, target, block)
            source = UnsafePointer(target)
        }
    }

    func addLane() {
        for layer in layers { layer.addLane() }
    }

    func reset(lane: Int) {
        for layer in layers { layer.reset(lane: lane) }
    }
}
