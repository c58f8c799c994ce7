// The vector kernels against their definitions.

import CVector
import Glibc
import TestSupport
import Testing

@testable import NeuralNetwork

@Suite struct KernelTests {
    @Test(
        "A packed convolution is the sum of its definition, in either precision and added or not",
        arguments: [
            (1, 1, 1, 1, 1), (7, 5, 3, 9, 4), (16, 16, 1, 1, 13), (24, 33, 3, 2, 6), (88, 10, 7, 1, 19),
            (264, 3, 3, 3, 50),
            (150, 20, 2, 5, 3),
        ])
    func convolution(outputs: Int, inputs: Int, taps: Int, dilation: Int, frames: Int) {
        var generator = SeededGenerator(UInt64(outputs * 1000 + frames))
        let halves = generator.floats(outputs * inputs * taps).map { Float16($0) }
        let weights = halves.map { Float($0) }
        let bias = generator.floats(outputs)
        let input = generator.floats((frames + (taps - 1) * dilation) * inputs)
        let before = generator.floats(frames * outputs)

        var expected = [Float]()
        for frame in 0..<frames {
            for row in 0..<outputs {
                var sum = Double(bias[row])
                for tap in 0..<taps {
                    for column in 0..<inputs {
                        sum +=
                            Double(weights[(row * inputs + column) * taps + tap])
                            * Double(input[(frame + tap * dilation) * inputs + column])
                    }
                }
                expected.append(Float(sum))
            }
        }

        func run(_ elements: Tensor.Elements, accumulate: Bool) -> [Float] {
            let convolution = Convolution(
                weight: Tensor(name: "w", shape: [outputs, inputs, taps], elements: elements),
                bias: Tensor(name: "b", shape: [outputs], elements: .single(bias)))
            var output = before
            convolution.apply(to: input, dilation: dilation, into: &output, frames: frames, accumulate: accumulate)
            return output
        }
        let single = run(.single(weights), accumulate: false)
        #expect(zip(single, expected).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(run(.half(halves.map(\.bitPattern)), accumulate: false) == single)
        let added = run(.single(weights), accumulate: true)
        #expect(zip(added, zip(expected, before)).allSatisfy { abs($0 - $1.0 - $1.1) < 1e-4 })
    }

    @Test(
        "A convolution of bytes has the bits of its definition on every processor, and is near that of the numbers",
        arguments: [
            (1, 1, 1, 1), (7, 5, 3, 9), (16, 16, 1, 13), (24, 33, 3, 7), (32, 60, 3, 56), (88, 10, 7, 19),
            (256, 256, 3, 12), (264, 3, 3, 50), (150, 20, 2, 5), (256, 1792, 1, 2), (128, 64, 3, 1),
        ])
    func bytes(outputs: Int, inputs: Int, taps: Int, rows: Int) {
        var generator = SeededGenerator(UInt64(outputs * 100 + rows))
        let weights = generator.floats(outputs * inputs * taps)
        let bias = generator.floats(outputs)
        let before = generator.floats(rows * outputs)
        let convolution = QuantizedConvolution(
            weight: Tensor(name: "w", shape: [outputs, inputs, taps], elements: .single(weights)),
            bias: Tensor(name: "b", shape: [outputs], elements: .single(bias)))
        // Frames of very different loudness, one of them silent.
        let size = inputs + QuantizedConvolution.overread
        var frames = [UInt8](repeating: 255, count: rows * taps * size)
        var scales = [Float](repeating: 0, count: rows * taps)
        var exact: [[Float]] = []
        for index in 0..<rows * taps {
            let loudness: Float = index == 3 ? 0 : exp2(Float(index % 20) - 10)
            let input = generator.floats(inputs).map { $0 * loudness }
            scales[index] = frames.withUnsafeMutableBufferPointer {
                timbre_quantize(input, inputs, $0.baseAddress.map { $0 + index * size })
            }
            exact.append(input)
        }
        func run(anywhere: Bool, accumulate: Bool) -> [Float] {
            var output = before
            frames.withUnsafeBufferPointer { frames in
                let places = (0..<rows * taps).map { index in frames.baseAddress.map { $0 + index * size } }
                convolution.apply(
                    to: places, scales: scales, into: &output, rows: rows, accumulate: accumulate, anywhere: anywhere)
            }
            return output
        }
        for accumulate in [false, true] {
            let result = run(anywhere: true, accumulate: accumulate)
            #expect(run(anywhere: false, accumulate: accumulate) == result)
            for row in 0..<rows {
                for output in 0..<outputs {
                    var (sum, size) = (Double(bias[output]), 0.0)
                    for tap in 0..<taps {
                        let input = exact[tap * rows + row]
                        let most = Double(input.map(abs).max() ?? 0)
                        for column in 0..<inputs {
                            sum += Double(weights[(output * inputs + column) * taps + tap]) * Double(input[column])
                        }
                        // Half a step of an input and of a weight for each product, at worst.
                        size += Double(inputs) * most / 127
                    }
                    if accumulate { sum += Double(before[row * outputs + output]) }
                    #expect(abs(Double(result[row * outputs + output]) - sum) <= 1.01 * size + 1e-5)
                }
            }
        }
    }

    @Test("Weights that are nearly nothing are nothing, and give the bias")
    func tinyWeights() {
        let tiny = Float.leastNormalMagnitude / 8
        let convolution = QuantizedConvolution(
            weight: Tensor(name: "w", shape: [2, 3, 1], elements: .single([tiny, -tiny, 0, 1, 1, 1])),
            bias: Tensor(name: "b", shape: [2], elements: .single([0.5, 0.25])))
        let frame: [UInt8] = [255, 255, 255, 7, 7, 7]
        var output: [Float] = [9, 9]
        frame.withUnsafeBufferPointer { frame in
            convolution.apply(to: [frame.baseAddress], scales: [1], into: &output, rows: 1)
        }
        #expect(output[0] == 0.5)
        #expect(abs(output[1] - 0.25 - 3 * 127) < 1e-3)
    }

    @Test("Bytes of a frame: the largest is 127 steps from zero, silence and what is no number are zero")
    func rounding() {
        var bytes = [UInt8](repeating: 7, count: 5)
        #expect(timbre_quantize([1, -2, 0.5, 0, 2], 5, &bytes) == Float(2) / 127)
        #expect(bytes == [128 + 64, 1, 128 + 32, 128, 255])
        let silences: [[Float]] = [
            [0, 0, 0, -0, 0], [1, .nan, 0, 0, 0], [1, 0, 0, 0, -.infinity],
            [.leastNormalMagnitude, 0, -.leastNonzeroMagnitude, 0, 0],
        ]
        for silence in silences {
            #expect(timbre_quantize(silence, 5, &bytes) == 0)
            #expect(bytes == [128, 128, 128, 128, 128])
        }
    }

    @Test("A dot product of any length is the sum of its definition", arguments: [0, 1, 15, 16, 63, 64, 65, 1000])
    func dot(count: Int) {
        var generator = SeededGenerator(UInt64(count))
        let (a, b) = (generator.floats(count), generator.floats(count))
        let expected = zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(Double(timbre_dot(a, b, count)) - expected) < 1e-4)
    }

    @Test(
        "The half-band filter is the sum of its definition, to the bit the same one output at a time",
        arguments: [1, 8, 255, 256, 257, 600], [1, 6, 15])
    func halfband(outputs: Int, taps: Int) {
        var generator = SeededGenerator(UInt64(outputs * taps))
        let x = generator.floats(2 * outputs + 4 * taps)
        let coefficients = generator.floats(taps)
        var output = [Float](repeating: 0, count: outputs)
        timbre_halfband(x, &output, outputs, coefficients, taps, 0.5)
        for n in 0..<outputs {
            var expected = 0.5 * Double(x[2 * n + 2 * taps - 1])
            for i in 0..<taps {
                expected += Double(coefficients[i]) * Double(x[2 * n + 2 * i] + x[2 * n + 4 * taps - 2 - 2 * i])
            }
            #expect(abs(Double(output[n]) - expected) < 1e-4)
            var alone: Float = 0
            timbre_halfband(Array(x.dropFirst(2 * n)), &alone, 1, coefficients, taps, 0.5)
            #expect(alone == output[n])
        }
    }

    @Test("The element-wise steps do what their names say, NaN included")
    func elementwise() {
        let x: [Float] = [-2, -0.5, 0, 0.5, 2, .nan]
        var y = [Float](repeating: 9, count: 6)
        timbre_rectify(x, &y, 6)
        #expect(y == [0, 0, 0, 0.5, 2, 0])
        timbre_maximum(x, [0, -1, 1, 0, 3, 4], &y, 6)
        #expect(y == [0, -0.5, 1, 0.5, 3, 4])
        timbre_affine([1, 2, 3, 4], &y, 2, 2, [10, 100], [1, -1])
        #expect(y.prefix(4) == [11, 199, 31, 399])
        timbre_sigmoid([0, 100, -100], &y, 3)
        #expect(y[0] == 0.5 && y[1] == 1 && y[2] >= 0 && y[2] < 1e-30)
    }
}
