// The published residual network in a stream and over whole files, beside what the machine could do at best.

import CVector
import Models
import NeuralNetwork
import PublishedModels
import TestSupport

/// Frames per second of the published front end.
private let frameRate = 44_100.0 / 512

func benchmarkNetwork() throws {
    let description = PublishedArchitecture.residual(planes: 1).network
    let half = try SequentialNetwork(description, tensors: randomTensors(for: description, seed: 1))
    let single = try SequentialNetwork(description, tensors: randomTensors(for: description, seed: 1, half: false))

    Benchmark.printHeading("network: residual, \(half.parameterCount) parameters")
    for (precision, network) in [("half", half), ("single", single)] {
        for block in [1, 2, 4, 8, 48, 512] {
            stream(network, block: block, "\(precision), a vector at every hop, blocks of \(block)")
        }
        wholeFile(network, "\(precision), a vector at every 9th hop, whole file")
    }

    Benchmark.printHeading("network: what the machine can do")
    let rows = 48, columns = 96
    let convolution = Convolution(
        weight: Tensor(
            name: "w", shape: [rows, columns, 1], elements: .single([Float](repeating: 0.5, count: rows * columns))),
        bias: Tensor(name: "b", shape: [rows], elements: .single([Float](repeating: 0, count: rows))))
    let input = [Float](repeating: 1, count: 48 * columns)
    var output = [Float](repeating: 0, count: 48 * rows)
    Benchmark(
        name: "multiply-adds, all in the nearest cache", audioSeconds: 0, operations: Double(48 * rows * columns)
    ).run(seconds: 0.3) {
        output.withUnsafeMutableBufferPointer { output in
            guard let output = output.baseAddress else { return }
            convolution.apply(to: input, into: output, frames: 48)
        }
    }
    for kilobytes in [256, 4096, 65_536] {
        let numbers = [Float](repeating: 1, count: kilobytes * 256 / 2)
        var sum: Float = 0
        Benchmark(
            name: "reading \(kilobytes) kB, bytes", audioSeconds: 0, operations: Double(kilobytes * 1024)
        ).run(seconds: 0.3) {
            numbers.withUnsafeBufferPointer { numbers in
                guard let start = numbers.baseAddress else { return }
                let middle = numbers.count / 2
                sum += timbre_dot(start, start + middle, middle)
                sum += timbre_dot(start, start + middle, middle)
            }
        }
        precondition(sum > 0)
    }
}

private func stream(_ network: SequentialNetwork, block: Int, _ name: String) {
    let stream = network.streaming(maximumFrames: block)
    let frames = [Float](repeating: 0.25, count: block * network.inputs)
    var activities = [Float](repeating: 0, count: block * network.outputs)
    Benchmark(
        name: name, audioSeconds: Double(block) / frameRate, operations: Double(block * network.multiplyAdds)
    ).run {
        activities.withUnsafeMutableBufferPointer { activities in
            frames.withUnsafeBufferPointer { frames in
                guard let from = frames.baseAddress, let to = activities.baseAddress else { return }
                stream.process(from, to, frames: block)
            }
        }
    }
}

private func wholeFile(_ network: SequentialNetwork, _ name: String) {
    let frames = 4096
    var generator = SeededGenerator(1)
    let sequence = generator.floats(frames * network.inputs)
    Benchmark(name: name, audioSeconds: Double(frames) / frameRate).run {
        _ = network.offline(sequence, padding: .causal)
    }
}
