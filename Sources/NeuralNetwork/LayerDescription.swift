// One layer of a network as the model file's JSON names it.

/// What a layer is and under which names its tensors lie.
public enum LayerDescription: Equatable, Sendable {
    /// `(x - mean) / std` with tensors `NAME.mean` and `NAME.std`, one value per channel.
    case standardize(name: String)
    /// Batch normalisation with the statistics of training: `NAME.weight`, `.bias`, `.running_mean`, `.running_var`.
    ///
    /// `planes` runs of channels, one behind the other, share one set of statistics.
    case batchNorm(name: String, planes: Int)
    /// 1-D convolution over time: `NAME.weight [outputs, inputs, kernel]`, `NAME.bias [outputs]`.
    case convolution(name: String, outputs: Int, kernel: Int, dilation: Int)
    /// From `[planes][bins]` to `[bins][planes]` within every frame, the order in which `conv_2d` reads it.
    case interleave(planes: Int)
    /// 2-D convolution over bins and, causally, time: `NAME.weight [outputs, planes, span, kernel]`, `NAME.bias [outputs]`.
    ///
    /// The input frame is `[bins][planes]`; every `stride`-th bin is an output, zeros lie beyond both ends.
    case spectralConvolution(name: String, bins: Int, outputs: Int, span: Int, kernel: Int, stride: Int)
    /// A second plane of bins behind the first, where partials must lie: a salience that `layers` find in the frame, each
    /// value in 0...1, plus copies of it shifted up by so many bins, divided by their number.
    case harmonicSeries(shifts: [Int], layers: [LayerDescription])
    /// The residual block of Hung & Yang 2018, figure 1(c), with kernels of 3: `NAME.bn1`, `.conv1`, `.bn2`, `.conv2`,
    /// `.bn3` and the short cut `.sk`; see `NetworkBuilder`.
    case residual(name: String, outputs: Int, dilation: Int)
    /// The maximum over `size` frames; time runs `size` times slower behind it.
    case maxPool(size: Int)
    /// max(x, 0).
    case relu
    /// x where that is above zero, else 0.01 x.
    case leakyRelu
    /// 1 / (1 + exp(-x)).
    case sigmoid
}

extension LayerDescription: Codable {
    private static let keys: [String: Set<String>] = [
        "standardize": ["type", "name"],
        "batch_norm": ["type", "name", "repeat"],
        "conv": ["type", "name", "outputs", "kernel", "dilation"],
        "interleave": ["type", "planes"],
        "conv_2d": ["type", "name", "bins", "outputs", "span", "kernel", "stride"],
        "harmonic_series": ["type", "shifts", "layers"],
        "residual": ["type", "name", "outputs", "dilation"],
        "max_pool": ["type", "size"],
        "relu": ["type"],
        "leaky_relu": ["type"],
        "sigmoid": ["type"],
    ]

    /// Reads a layer; an unknown type or key is an error, because to ignore it would be to run another network.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: TextKey.self)
        func key(_ name: String) -> TextKey { TextKey(stringValue: name) }
        func number(_ name: String, or standard: Int) throws -> Int {
            try values.decodeIfPresent(Int.self, forKey: key(name)) ?? standard
        }
        func number(_ name: String) throws -> Int { try values.decode(Int.self, forKey: key(name)) }

        let type = try values.decode(String.self, forKey: key("type"))
        guard let known = Self.keys[type] else {
            throw DecodingError.dataCorruptedError(
                forKey: key("type"), in: values,
                debugDescription:
                    "unknown layer type '\(type)'; known are \(Self.keys.keys.sorted().joined(separator: ", "))")
        }
        if let stranger = values.allKeys.first(where: { !known.contains($0.stringValue) }) {
            throw DecodingError.dataCorruptedError(
                forKey: stranger, in: values, debugDescription: "a layer of type '\(type)' has no such key")
        }
        let name = known.contains("name") ? try values.decode(String.self, forKey: key("name")) : ""
        self =
            switch type {
            case "standardize": .standardize(name: name)
            case "batch_norm": .batchNorm(name: name, planes: try number("repeat", or: 1))
            case "conv":
                .convolution(
                    name: name, outputs: try number("outputs"), kernel: try number("kernel"),
                    dilation: try number("dilation", or: 1))
            case "interleave": .interleave(planes: try number("planes"))
            case "conv_2d":
                .spectralConvolution(
                    name: name, bins: try number("bins"), outputs: try number("outputs"), span: try number("span"),
                    kernel: try number("kernel"), stride: try number("stride", or: 1))
            case "harmonic_series":
                .harmonicSeries(
                    shifts: try values.decode([Int].self, forKey: key("shifts")),
                    layers: try values.decode([LayerDescription].self, forKey: key("layers")))
            case "residual":
                .residual(name: name, outputs: try number("outputs"), dilation: try number("dilation", or: 1))
            case "max_pool": .maxPool(size: try number("size"))
            case "relu": .relu
            case "leaky_relu": .leakyRelu
            default: .sigmoid
            }
    }

    /// Writes the layer with all its keys.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: TextKey.self)
        func put(_ value: some Encodable, _ name: String) throws {
            try values.encode(value, forKey: TextKey(stringValue: name))
        }
        switch self {
        case .standardize(let name):
            try put("standardize", "type")
            try put(name, "name")
        case .batchNorm(let name, let planes):
            try put("batch_norm", "type")
            try put(name, "name")
            try put(planes, "repeat")
        case .convolution(let name, let outputs, let kernel, let dilation):
            try put("conv", "type")
            try put(name, "name")
            try put(outputs, "outputs")
            try put(kernel, "kernel")
            try put(dilation, "dilation")
        case .interleave(let planes):
            try put("interleave", "type")
            try put(planes, "planes")
        case .spectralConvolution(let name, let bins, let outputs, let span, let kernel, let stride):
            try put("conv_2d", "type")
            try put(name, "name")
            try put(bins, "bins")
            try put(outputs, "outputs")
            try put(span, "span")
            try put(kernel, "kernel")
            try put(stride, "stride")
        case .harmonicSeries(let shifts, let layers):
            try put("harmonic_series", "type")
            try put(shifts, "shifts")
            try put(layers, "layers")
        case .residual(let name, let outputs, let dilation):
            try put("residual", "type")
            try put(name, "name")
            try put(outputs, "outputs")
            try put(dilation, "dilation")
        case .maxPool(let size):
            try put("max_pool", "type")
            try put(size, "size")
        case .relu: try put("relu", "type")
        case .leakyRelu: try put("leaky_relu", "type")
        case .sigmoid: try put("sigmoid", "type")
        }
    }
}
