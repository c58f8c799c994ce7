// A description and tensors that do not belong together are refused with the name and the expected shape.

import FoundationEssentials
import JSON
import TestSupport
import Testing

@testable import NeuralNetwork

@Suite struct SequentialNetworkTests {
    private static let description = NetworkDescription(
        inputs: 4,
        layers: [
            .standardize(name: "in"), .batchNorm(name: "norm", planes: 2),
            .convolution(name: "conv", outputs: 6, kernel: 3, dilation: 1),
            .residual(name: "res", outputs: 8, dilation: 1), .sigmoid,
        ])

    private func refusal(
        of description: NetworkDescription = description, _ change: (inout [String: Tensor]) -> Void = { _ in }
    ) throws -> NetworkError {
        var tensors = randomTensors(for: Self.description, seed: 1, half: false)
        change(&tensors)
        return try #require(throws: NetworkError.self) { try SequentialNetwork(description, tensors: tensors) }
    }

    @Test(
        "A missing tensor is named with the shape it should have",
        arguments: [
            ("in.std", [4]), ("norm.running_var", [2]), ("conv.weight", [6, 4, 3]), ("res.sk.weight", [8, 6, 1]),
            ("res.conv2.bias", [8]),
        ])
    func missing(name: String, shape: [Int]) throws {
        #expect(try refusal { $0[name] = nil } == .missingTensor(name, expected: shape))
    }

    @Test("A tensor of the wrong shape is named with both shapes")
    func wrongShape() throws {
        let error = try refusal {
            $0["conv.weight"] = $0["conv.weight"]?.rearranged(as: "conv.weight", axes: [0, 2, 1])
        }
        #expect(error == .wrongShape(tensor: "conv.weight", expected: [6, 4, 3], found: [6, 3, 4]))
        #expect(
            error.description
                == "The tensor 'conv.weight' has shape [6, 3, 4] and the description requires [6, 4, 3].")
    }

    @Test(
        "Values with which nothing can be calculated are refused",
        arguments: [
            ("conv.bias", Float.nan), ("res.bn2.weight", .infinity), ("in.std", 0), ("in.std", -1),
            ("norm.running_var", -1),
        ])
    func unusable(name: String, value: Float) throws {
        let error = try refusal {
            guard let tensor = $0[name] else { return }
            $0[name] = Tensor(
                name: name, shape: tensor.shape, elements: .single([value] + tensor.floats.dropFirst()))
        }
        guard case .unusableValues(let tensor, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(tensor == name)
    }

    @Test(
        "A description that asks for nonsense or for all the memory is refused",
        arguments: [
            .convolution(name: "conv", outputs: 0, kernel: 3, dilation: 1),
            .convolution(name: "conv", outputs: 6, kernel: -1, dilation: 1),
            .convolution(name: "conv", outputs: 6, kernel: 1000, dilation: 1000),
            .convolution(name: "conv", outputs: .max, kernel: .max, dilation: .max),
            .batchNorm(name: "norm", planes: 3), .batchNorm(name: "norm", planes: 0),
            .interleave(planes: 3), .interleave(planes: 0),
            .spectralConvolution(name: "conv", bins: 3, outputs: 6, span: 3, kernel: 1, stride: 1),
            .spectralConvolution(name: "conv", bins: 4, outputs: 6, span: 2, kernel: 1, stride: 1),
            .spectralConvolution(name: "conv", bins: 4, outputs: .max, span: 3, kernel: .max, stride: 5),
            .spectralConvolution(name: "conv", bins: 0, outputs: 1, span: 1, kernel: 1, stride: 0),
            .maxPool(size: 0), .maxPool(size: .max), .residual(name: "res", outputs: -8, dilation: 1),
            .harmonicSeries(shifts: [0], layers: [.sigmoid]), .harmonicSeries(shifts: [12], layers: []),
            .harmonicSeries(shifts: [12], layers: [.relu]),
            .harmonicSeries(shifts: [], layers: [.maxPool(size: 2), .sigmoid]),
            .harmonicSeries(shifts: [.max], layers: [.sigmoid]),
        ] as [LayerDescription])
    func nonsense(layer: LayerDescription) throws {
        var description = Self.description
        description.layers[1] = layer
        guard case .invalidLayer(let index, _) = try refusal(of: description) else {
            Issue.record("another error")
            return
        }
        #expect(index == 1)
    }

    @Test("A forged description cannot ask for more memory than 128 MiB, whatever zeros or poolings it piles up")
    func memory() throws {
        // 65,536 planes at one bin, with the zeros of 1023 bins around them.
        let wide = NetworkDescription(
            inputs: 1 << 16,
            layers: [.spectralConvolution(name: "a", bins: 1, outputs: 1, span: 1023, kernel: 1, stride: 1)])
        #expect(throws: NetworkError.self) { try SequentialNetwork(wide, tensors: [:]) }
        guard
            case .invalidLayer = try #require(
                throws: NetworkError.self,
                performing: {
                    try SequentialNetwork(wide, tensors: [:])
                })
        else {
            Issue.record("it was refused for another reason")
            return
        }
        // Poolings have no weights, so a small file may have many; each alone is within its bounds.
        let piled = NetworkDescription(
            inputs: 1 << 16, layers: Array(repeating: .maxPool(size: 2), count: 9) + [.sigmoid])
        guard
            case .invalidLayer = try #require(
                throws: NetworkError.self,
                performing: {
                    try SequentialNetwork(piled, tensors: [:])
                })
        else {
            Issue.record("it was refused for another reason")
            return
        }
    }

    @Test("A network without layers, or with a thousand poolings, is refused")
    func sizes() throws {
        for description in [
            NetworkDescription(inputs: 4, layers: []), NetworkDescription(inputs: 0, layers: [.relu]),
            NetworkDescription(inputs: 1 << 17, layers: [.relu]),
            NetworkDescription(inputs: 4, layers: Array(repeating: .maxPool(size: 2), count: 1000)),
        ] {
            guard case .invalidNetwork = try refusal(of: description) else {
                Issue.record("another error")
                continue
            }
        }
        let poolings = NetworkDescription(inputs: 4, layers: Array(repeating: .maxPool(size: 1024), count: 200))
        guard case .invalidLayer = try refusal(of: poolings) else {
            Issue.record("another error")
            return
        }
    }

    @Test("Descriptions come back from JSON as they were written, with the defaults of the format")
    func coding() throws {
        let layers: [LayerDescription] =
            Self.description.layers + [
                .maxPool(size: 3), .relu, .leakyRelu, .interleave(planes: 2),
                .spectralConvolution(name: "two", bins: 4, outputs: 2, span: 3, kernel: 2, stride: 2),
                .harmonicSeries(shifts: [12, 19], layers: [.interleave(planes: 1), .sigmoid]),
            ]
        let description = NetworkDescription(inputs: 4, layers: layers)
        let text = try JSONEncoder().encode(description)
        #expect(try JSONDecoder().decode(NetworkDescription.self, from: text) == description)

        let short = Data(
            """
            [{"type":"batch_norm","name":"a"},{"type":"conv","name":"b","outputs":2,"kernel":1},
             {"type":"residual","name":"c","outputs":3}]
            """.utf8)
        #expect(
            try JSONDecoder().decode([LayerDescription].self, from: short) == [
                .batchNorm(name: "a", planes: 1), .convolution(name: "b", outputs: 2, kernel: 1, dilation: 1),
                .residual(name: "c", outputs: 3, dilation: 1),
            ])
    }

    @Test(
        "An unknown layer or an unknown key is refused by name",
        arguments: [
            (
                #"[{"type":"attention"}]"#,
                "[0].type: unknown layer type 'attention'; expected one of batch_norm, conv, "
            ),
            (#"[{"type":"relu","slope":1}]"#, "[0].slope: a layer of type 'relu' has no such key"),
            (#"[{"type":"conv","name":"b","kernel":1}]"#, "[0]: the key 'outputs' is missing"),
            (#"[{"type":"max_pool","size":"3"}]"#, "[0].size: "),
        ])
    func unknown(text: String, expected: String) throws {
        let value = try JSONParser.parse(text)
        let failure = try #require(throws: JSONError.self) { try value.decode(as: [LayerDescription].self) }
        #expect(failure.description.contains(expected), "\(failure)")
    }
}
