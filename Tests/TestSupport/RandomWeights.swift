// Random tensors for any network, of a size that keeps the signal in range from layer to layer.
//
// Every tensor depends on its name and the seed alone, and training/golden/make_published.py draws the same ones, so
// that a network of any size is tied to PyTorch without its weights being kept.

import NeuralNetwork

/// The tensors that `network` asks for, in half precision where `half`.
public func randomTensors(for network: NetworkDescription, seed: UInt64, half: Bool = true) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    var channels = network.inputs

    func add(_ name: String, _ shape: [Int], _ scale: Float, around center: Float = 0) {
        let values = tiedFloats(shape.reduce(1, *), name: name, seed: seed).map { Float16(center + scale * $0) }
        tensors[name] = Tensor(
            name: name, shape: shape,
            elements: half ? .half(values.map(\.bitPattern)) : .single(values.map { Float($0) }))
    }
    func addNorm(_ name: String, _ count: Int) {
        add("\(name).weight", [count], 0.3, around: 1)
        add("\(name).bias", [count], 0.3)
        add("\(name).running_mean", [count], 0.3)
        add("\(name).running_var", [count], 0.5, around: 1)
    }
    func addConvolution(_ name: String, _ outputs: Int, _ kernel: Int) {
        add("\(name).weight", [outputs, channels, kernel], 1.7 / Float(channels * kernel).squareRoot())
        add("\(name).bias", [outputs], 0.3)
    }

    func addLayer(_ layer: LayerDescription) {
        switch layer.plan {
        case let plan as StandardizePlan:
            add("\(plan.name).mean", [channels], 0.3)
            add("\(plan.name).std", [channels], 0.3, around: 1)
        case let plan as BatchNormPlan:
            addNorm(plan.name, channels / plan.planes)
        case let plan as ConvolutionPlan:
            addConvolution(plan.name, plan.outputs, plan.kernel)
            channels = plan.outputs
        case let plan as ResidualPlan:
            addConvolution("\(plan.name).sk", plan.outputs, 1)
            addNorm("\(plan.name).bn1", channels)
            addConvolution("\(plan.name).conv1", plan.outputs, 3)
            channels = plan.outputs
            addNorm("\(plan.name).bn2", channels)
            addConvolution("\(plan.name).conv2", plan.outputs, 3)
            addNorm("\(plan.name).bn3", channels)
        case let plan as SpectralConvolutionPlan:
            let planes = channels / plan.bins
            add(
                "\(plan.name).weight", [plan.outputs, planes, plan.span, plan.kernel],
                1.7 / Float(planes * plan.span * plan.kernel).squareRoot())
            add("\(plan.name).bias", [plan.outputs], 0.3)
            channels = ((plan.bins - 1) / plan.stride + 1) * plan.outputs
        case let plan as HarmonicSeriesPlan:
            let bins = channels
            plan.layers.forEach(addLayer)
            channels = 2 * bins
        case is InterleavePlan, is MaxPoolPlan, is ReluPlan, is LeakyReluPlan, is SigmoidPlan:
            break
        default:
            preconditionFailure("which tensors has \(layer)?")
        }
    }

    network.layers.forEach(addLayer)
    return tensors
}

/// `count` numbers in -1..<1 that depend on `name` and `seed` alone: 24 bits each of SplitMix64, begun at the FNV-1a
/// hash of the name.
public func tiedFloats(_ count: Int, name: String, seed: UInt64) -> [Float] {
    let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    var generator = SeededGenerator(hash ^ seed)
    return (0..<count).map { _ in Float(generator.next() >> 40) / 8_388_608 - 1 }
}
