// A stream gives the same bits however it is cut, and what the whole sequence gives.

import TestSupport
import Testing

@testable import NeuralNetwork

@Suite struct StreamingTests {
    /// A small network with every type of layer; two poolings, dilation, two planes, bins of which every other is left.
    private static let description = NetworkDescription(
        inputs: 10,
        layers: [
            .harmonicSeries(
                shifts: [3, 5, 40],
                layers: [
                    .interleave(planes: 1),
                    .spectralConvolution(name: "s", bins: 10, outputs: 2, span: 3, kernel: 2, stride: 1), .relu,
                    .spectralConvolution(name: "t", bins: 10, outputs: 1, span: 5, kernel: 1, stride: 1), .sigmoid,
                ]),
            .standardize(name: "input"), .batchNorm(name: "a", planes: 2), .interleave(planes: 2),
            .spectralConvolution(name: "g", bins: 10, outputs: 3, span: 5, kernel: 2, stride: 1),
            .batchNorm(name: "h", planes: 10), .leakyRelu,
            .spectralConvolution(name: "i", bins: 10, outputs: 4, span: 3, kernel: 1, stride: 2),
            .convolution(name: "b", outputs: 24, kernel: 3, dilation: 1),
            .residual(name: "c", outputs: 40, dilation: 1), .maxPool(size: 3),
            .residual(name: "d", outputs: 33, dilation: 2), .maxPool(size: 2),
            .batchNorm(name: "e", planes: 1), .relu,
            .convolution(name: "f", outputs: 7, kernel: 5, dilation: 1), .sigmoid,
        ])

    /// The same with windows that are wide enough for 8 bits to pay.
    private static let wide = NetworkDescription(
        inputs: 10,
        layers: [
            .interleave(planes: 1),
            .spectralConvolution(name: "g", bins: 10, outputs: 12, span: 5, kernel: 2, stride: 1), .relu,
            .maxPool(size: 2),
            .spectralConvolution(name: "i", bins: 10, outputs: 14, span: 3, kernel: 3, stride: 2), .leakyRelu,
            .convolution(name: "b", outputs: 40, kernel: 3, dilation: 2),
            .residual(name: "c", outputs: 40, dilation: 1), .maxPool(size: 3),
            .residual(name: "d", outputs: 33, dilation: 2), .relu,
            .convolution(name: "f", outputs: 7, kernel: 5, dilation: 1), .sigmoid,
        ])

    private static func network(half: Bool = true, _ precision: Precision = .full) throws -> SequentialNetwork {
        let description = precision == .full ? description : wide
        return try SequentialNetwork(
            description, tensors: randomTensors(for: description, seed: 7, half: half), precision: precision)
    }

    private static func input(frames: Int) -> [Float] {
        var generator = SeededGenerator(11)
        return generator.floats(frames * description.inputs)
    }

    /// Feeds `input` in blocks of the sizes that `next` gives.
    private static func stream(
        _ network: StreamingNetwork, _ input: [Float], blocks next: () -> Int
    ) -> [Float] {
        let frames = input.count / network.inputSize
        var output = [Float](repeating: .nan, count: frames * network.outputSize)
        output.withUnsafeMutableBufferPointer { output in
            input.withUnsafeBufferPointer { input in
                guard let from = input.baseAddress, let to = output.baseAddress else { return }
                var done = 0
                while done < frames {
                    let count = min(next(), frames - done)
                    network.process(
                        from + done * network.inputSize, to + done * network.outputSize, frames: count)
                    done += count
                }
            }
        }
        return output
    }

    @Test(
        "Promise 6: every block size from 1 to 8192 gives the same bits",
        arguments: [1, 2, 3, 5, 6, 7, 12, 13, 47, 48, 49, 96, 500, 1024, 8192], Precision.allCases)
    func blockSizes(size: Int, precision: Precision) throws {
        let network = try Self.network(precision)
        let input = Self.input(frames: 700)
        let reference = Self.stream(network.streaming(maximumFrames: 1), input) { 1 }
        #expect(Self.stream(network.streaming(maximumFrames: size), input) { size } == reference)
    }

    @Test("Random cuts give the same bits, whatever the stream was made for", arguments: [1, 4, 48, 8192])
    func randomCuts(maximumFrames: Int) throws {
        let network = try Self.network()
        let input = Self.input(frames: 900)
        let reference = Self.stream(network.streaming(maximumFrames: 1), input) { 1 }
        var generator = SeededGenerator(UInt64(maximumFrames))
        let cut = Self.stream(network.streaming(maximumFrames: maximumFrames), input) {
            Int.random(in: 1...100, using: &generator)
        }
        #expect(cut == reference)
    }

    @Test(
        "Promise 6: streams that are computed together give the bits that each gives alone, in any company",
        arguments: [1, 5, 12, 48], Precision.allCases)
    func lanes(maximumFrames: Int, precision: Precision) throws {
        let network = try Self.network(precision)
        let (inputs, outputs, lanes, length) = (network.inputs, network.outputs, 20, 150)
        let input = Self.input(frames: lanes * length)
        let alone = (0..<lanes).map { lane in
            Self.stream(
                network.streaming(maximumFrames: 1), Array(input[lane * length * inputs..<(lane + 1) * length * inputs])
            ) { 1 }
        }
        let together = network.streaming(maximumFrames: maximumFrames)
        for _ in 1..<lanes { together.addLane() }
        var done = [Int](repeating: 0, count: lanes)
        var heard = [[Float]](repeating: [], count: lanes)
        var generator = SeededGenerator(UInt64(maximumFrames) + 3)
        while let most = done.indices.filter({ done[$0] < length }).randomElement(using: &generator) {
            let chosen = done.indices.filter { done[$0] < length && Int.random(in: 0..<3, using: &generator) > 0 }
                .shuffled(using: &generator)
            // Now and then one stream catches up by itself.
            let (block, frames) =
                chosen.isEmpty || Int.random(in: 0..<8, using: &generator) == 0
                ? ([most], min(length - done[most], 7)) : (chosen, 1)
            let from = block.flatMap { lane in
                let first = (lane * length + done[lane]) * inputs
                return input[first..<first + frames * inputs]
            }
            var to = [Float](repeating: .nan, count: block.count * frames * outputs)
            block.withUnsafeBufferPointer { rows in
                together.process(
                    from, &to, frames > 1 ? .run(lane: block[0], frames: frames) : .row(lanes: rows))
            }
            for (index, lane) in block.enumerated() {
                heard[lane] += to[index * frames * outputs..<(index + 1) * frames * outputs]
                done[lane] += frames
            }
        }
        #expect(heard == alone)
        // A stream that begins anew leaves the others as they were.
        together.reset(lane: 3)
        var again = [Float](repeating: .nan, count: 2 * outputs)
        [3, 4].withUnsafeBufferPointer { rows in
            let from = input[3 * length * inputs..<(3 * length + 1) * inputs] + input[..<inputs]
            together.process(Array(from), &again, .row(lanes: rows))
        }
        #expect(Array(again[..<outputs]) == Array(alone[3][..<outputs]))
        #expect(Array(again[outputs...]) != Array(alone[0][..<outputs]))
    }

    @Test("Weights that are exact in half precision give the bits of single precision")
    func halfPrecision() throws {
        let input = Self.input(frames: 100)
        let half = Self.stream(try Self.network(half: true).streaming(maximumFrames: 8), input) { 8 }
        let single = Self.stream(try Self.network(half: false).streaming(maximumFrames: 8), input) { 8 }
        #expect(half == single)
    }

    @Test("8 bits give nearly the numbers of full precision, and are used")
    func quantized() throws {
        let tensors = randomTensors(for: Self.wide, seed: 7, half: true)
        let input = Self.input(frames: 300)
        let outputs = try Precision.allCases.map { precision in
            let network = try SequentialNetwork(Self.wide, tensors: tensors, precision: precision)
            return Self.stream(network.streaming(maximumFrames: 12), input) { 12 }
        }
        let differences = zip(outputs[0], outputs[1]).map { abs($0 - $1) }
        let spread = (outputs[0].max() ?? 0) - (outputs[0].min() ?? 0)
        #expect(outputs[0] != outputs[1])
        #expect((differences.max() ?? 1) < 0.1 * spread)
    }

    @Test("Without pooling, a stream is the causal evaluation of the whole sequence")
    func unpooled() throws {
        let description = NetworkDescription(
            inputs: Self.description.inputs,
            layers: Self.description.layers.filter { !($0.plan is MaxPoolPlan) })
        let network = try SequentialNetwork(description, tensors: randomTensors(for: description, seed: 5))
        let input = Self.input(frames: 300)
        let streamed = Self.stream(network.streaming(maximumFrames: 16), input) { 16 }
        #expect(streamed == network.offline(input, padding: .causal))
    }

    @Test("On the grid of the pooling, a stream is the strided causal evaluation of the whole sequence")
    func onTheGrid() throws {
        let network = try Self.network()
        let input = Self.input(frames: 600)
        let streamed = Self.stream(network.streaming(maximumFrames: 16), input) { 16 }
        let strided = network.offline(input, padding: .causal)
        #expect(network.stride == 6)
        #expect(strided.count == 100 * network.outputs)
        for frame in 0..<100 {
            let onGrid = (network.stride * (frame + 1) - 1) * network.outputs
            #expect(
                strided[frame * network.outputs..<(frame + 1) * network.outputs]
                    == streamed[onGrid..<onGrid + network.outputs])
        }
    }

    @Test("Centred evaluation is causal evaluation that has waited, away from the ends")
    func centred() throws {
        let description = NetworkDescription(
            inputs: 10, layers: [.convolution(name: "a", outputs: 9, kernel: 5, dilation: 3)])
        let network = try SequentialNetwork(description, tensors: randomTensors(for: description, seed: 3))
        let input = Self.input(frames: 50)
        let causal = network.offline(input, padding: .causal)
        let centred = network.offline(input, padding: .centred)
        #expect(centred.count == causal.count)
        #expect(centred.dropLast(6 * 9) == causal.dropFirst(6 * 9))
    }

    @Test("An output depends on its receptive field and on nothing else")
    func receptiveField() throws {
        let network = try Self.network()
        let field = network.receptiveField
        // s (a kernel of 2), g (2), b, c (two kernels of 3), pool of 3, d (two of 3, dilated 2 * 3), pool of 2 (dilated 3), f (5, dilated 6).
        #expect(field == 1 + 1 + 1 + 2 + 4 + 2 + 24 + 3 + 24)
        let input = Self.input(frames: field + 40)
        let reference = Self.stream(network.streaming(maximumFrames: 64), input) { 64 }
        var changed = input
        for index in 0..<network.inputs { changed[20 * network.inputs + index] += 1 }
        let output = Self.stream(network.streaming(maximumFrames: 64), changed) { 64 }
        #expect(output.prefix(20 * 7) == reference.prefix(20 * 7))
        #expect(output[20 * 7..<21 * 7] != reference[20 * 7..<21 * 7])
        #expect(output.dropFirst((20 + field) * 7) == reference.dropFirst((20 + field) * 7))
    }

    @Test("A stream that was reset begins anew")
    func reset() throws {
        let stream = try Self.network().streaming(maximumFrames: 10)
        let input = Self.input(frames: 200)
        let first = Self.stream(stream, input) { 10 }
        stream.reset()
        #expect(Self.stream(stream, input) { 10 } == first)
    }

    @Test("Batch normalisation follows its definition before the zeros of the padding, not behind them")
    func normalisationBeforePadding() throws {
        let description = NetworkDescription(
            inputs: 1,
            layers: [
                .batchNorm(name: "n", planes: 1), .convolution(name: "c", outputs: 1, kernel: 2, dilation: 1),
            ])
        func tensor(_ name: String, _ shape: [Int], _ values: [Float]) -> (String, Tensor) {
            (name, Tensor(name: name, shape: shape, elements: .single(values)))
        }
        let network = try SequentialNetwork(
            description,
            tensors: Dictionary(uniqueKeysWithValues: [
                tensor("n.weight", [1], [2]), tensor("n.bias", [1], [5]), tensor("n.running_mean", [1], [1]),
                tensor("n.running_var", [1], [4 - 1e-5]), tensor("c.weight", [1, 1, 2], [10, 1]),
                tensor("c.bias", [1], [0.5]),
            ]))
        // Normalised: (x - 1) + 5; the frame before the first is 0 behind the normalisation.
        let output = network.offline([3, 4], padding: .causal)
        #expect(zip(output, [7.5, 78.5]).allSatisfy { abs($0 - $1) < 1e-4 })
    }
}
