// Brings a description and its tensors together, checking that they fit, layer by layer.

/// Follows the shape of the data through the layers while it builds their stages.
struct NetworkBuilder {
    private let tensors: [String: Tensor]
    /// Layers of the description that have been built.
    private var index = 0
    /// Floats in a frame behind the last stage.
    private(set) var channels: Int
    /// Input frames per frame behind the last stage, were pooling to stride.
    private(set) var step = 1
    /// Frames before the newest that the newest output depends on.
    private(set) var past = 0
    private(set) var multiplyAdds = 0
    private(set) var parameterCount = 0

    /// Bounds on what a description may ask for, far above any network of use: they keep a forged one from asking for
    /// more memory than the machine has.
    private static let most = (channels: 1 << 16, past: 1 << 16, history: 1 << 25)

    init(inputs: Int, tensors: [String: Tensor]) throws(NetworkError) {
        guard (1...Self.most.channels).contains(inputs) else {
            throw .invalidNetwork(reason: "'inputs' is \(inputs), outside 1...\(Self.most.channels)")
        }
        self.tensors = tensors
        channels = inputs
    }

    /// The stages of one layer.
    mutating func build(_ layer: LayerDescription) throws(NetworkError) -> [Stage] {
        defer { index += 1 }
        switch layer {
        case .standardize(let name):
            return [.affine(try standardization(name))]
        case .batchNorm(let name, let planes):
            return [.affine(try batchNorm(name, planes: planes))]
        case .convolution(let name, let outputs, let kernel, let dilation):
            return [try convolution(name, outputs: outputs, kernel: kernel, dilation: dilation)]
        case .interleave(let planes):
            try requirePlanes(planes)
            return [.interleave(Interleaving(planes: planes, bins: channels / planes))]
        case .spectralConvolution(let name, let bins, let outputs, let span, let kernel, let stride):
            return [
                try spectralConvolution(
                    name, bins: bins, outputs: outputs, span: span, kernel: kernel, stride: stride)
            ]
        case .harmonicSeries(let shifts, let layers):
            return [try harmonicSeries(shifts: shifts, layers: layers)]
        case .residual(let name, let outputs, let dilation):
            return [try residual(name, outputs: outputs, dilation: dilation)]
        case .maxPool(let size):
            try require(size, in: 1...1024, "size")
            try reachBack((size - 1) * step)
            step *= size
            return [.maxPool(size: size, channels: channels)]
        case .relu:
            return [.activation(.relu, channels: channels)]
        case .leakyRelu:
            return [.activation(.leakyRelu, channels: channels)]
        case .sigmoid:
            return [.activation(.sigmoid, channels: channels)]
        }
    }

    private func standardization(_ name: String) throws(NetworkError) -> Affine {
        let mean = try values("\(name).mean")
        let deviation = try values("\(name).std")
        let scale = deviation.map { 1 / $0 }
        guard scale.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw .unusableValues(tensor: "\(name).std", reason: "a standard deviation is not above zero")
        }
        return Affine(scale: scale, shift: zip(mean, scale).map { -$0 * $1 })
    }

    private mutating func batchNorm(_ name: String, planes: Int = 1) throws(NetworkError) -> Affine {
        try requirePlanes(planes)
        let count = channels / planes
        parameterCount += 2 * count
        return try Affine(batchNorm: name, channels: count, tensors: tensors).repeated(planes)
    }

    private mutating func convolution(
        _ name: String, outputs: Int, kernel: Int, dilation: Int
    ) throws(NetworkError) -> Stage {
        try require(outputs, in: 1...Self.most.channels, "outputs")
        try require(kernel, in: 1...1024, "kernel")
        try require(dilation, in: 1...1024, "dilation")
        try reachBack((kernel - 1) * dilation * step)
        let convolution = try weights(name, outputs: outputs, kernel: kernel)
        channels = outputs
        return .convolution(convolution, dilation: dilation)
    }

    private mutating func spectralConvolution(
        _ name: String, bins: Int, outputs: Int, span: Int, kernel: Int, stride: Int
    ) throws(NetworkError) -> Stage {
        try require(bins, in: 1...Self.most.channels, "bins")
        try require(outputs, in: 1...Self.most.channels, "outputs")
        try require(span, in: 1...1023, "span")
        try require(kernel, in: 1...1024, "kernel")
        try require(stride, in: 1...bins, "stride")
        try requirePlanes(bins)
        guard span % 2 == 1 else {
            throw .invalidLayer(index: index, reason: "'span' is \(span); it must be odd to lie around its bin")
        }
        try reachBack((kernel - 1) * step)
        let outputBins = (bins - 1) / stride + 1
        try require(outputBins * outputs, in: 1...Self.most.channels, "outputs at all bins")
        let weight = try tensors.require("\(name).weight", shape: [outputs, channels / bins, span, kernel])
        let bias = try tensors.require("\(name).bias", shape: [outputs])
        parameterCount += weight.count + bias.count
        multiplyAdds += weight.count * outputBins
        channels = outputBins * outputs
        return .spectral(SpectralConvolution(weight: weight, bias: bias, bins: bins, stride: stride))
    }

    /// The salience and its shifted copies come behind what the layers were given.
    private mutating func harmonicSeries(shifts: [Int], layers: [LayerDescription]) throws(NetworkError) -> Stage {
        let (outer, bins) = (index, channels)
        defer { index = outer }
        guard step == 1, (1...64).contains(layers.count), shifts.count <= 64 else {
            throw .invalidLayer(index: index, reason: "a harmonic series needs 1 to 64 layers and no pool before it")
        }
        for shift in shifts { try require(shift, in: 1...Self.most.channels, "shifts") }
        var salience: [Stage] = []
        for layer in layers {
            salience += try build(layer)
            index = outer
        }
        guard channels == bins, step == 1, layers.last == .sigmoid else {
            throw .invalidLayer(
                index: index, reason: "its layers do not turn \(bins) bins into a salience of as many at every frame")
        }
        try require(2 * bins, in: 1...Self.most.channels, "bins of both planes")
        channels = 2 * bins
        return .harmonicSum(HarmonicSum(bins: bins, shifts: shifts), salience: salience)
    }

    /// y = conv1(bn1(x)), without a non-linearity between them; y = conv2(relu(bn2(y))); bn3(y) + sk(x).
    private mutating func residual(_ name: String, outputs: Int, dilation: Int) throws(NetworkError) -> Stage {
        try require(outputs, in: 1...Self.most.channels, "outputs")
        let skip = try weights("\(name).sk", outputs: outputs, kernel: 1)
        return .residual(
            main: [
                .affine(try batchNorm("\(name).bn1")),
                try convolution("\(name).conv1", outputs: outputs, kernel: 3, dilation: dilation),
                .affine(try batchNorm("\(name).bn2")),
                .activation(.relu, channels: channels),
                try convolution("\(name).conv2", outputs: outputs, kernel: 3, dilation: dilation),
                .affine(try batchNorm("\(name).bn3")),
            ], skip: skip)
    }

    private mutating func weights(_ name: String, outputs: Int, kernel: Int) throws(NetworkError) -> Convolution {
        let weight = try tensors.require("\(name).weight", shape: [outputs, channels, kernel])
        let bias = try tensors.require("\(name).bias", shape: [outputs])
        parameterCount += weight.count + bias.count
        multiplyAdds += weight.count
        return Convolution(weight: weight, bias: bias)
    }

    private func values(_ name: String, count: Int? = nil) throws(NetworkError) -> [Float] {
        try tensors.require(name, shape: [count ?? channels]).floats
    }

    private func require(_ value: Int, in range: ClosedRange<Int>, _ key: String) throws(NetworkError) {
        guard range.contains(value) else {
            throw .invalidLayer(index: index, reason: "'\(key)' is \(value), outside \(range)")
        }
    }

    /// Channels that come in equal runs.
    private func requirePlanes(_ planes: Int) throws(NetworkError) {
        guard planes >= 1, channels.isMultiple(of: planes) else {
            throw .invalidLayer(index: index, reason: "\(channels) channels do not divide into \(planes) equal runs")
        }
    }

    private mutating func reachBack(_ frames: Int) throws(NetworkError) {
        past += frames
        guard past <= Self.most.past, frames * channels <= Self.most.history else {
            throw .invalidLayer(
                index: index,
                reason: "it would have to remember \(frames) frames of \(channels) numbers, which is too much")
        }
    }
}
