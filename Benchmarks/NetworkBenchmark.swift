// The published residual network in a stream and over whole files, beside what the machine could do at best.

import CMachine
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

    for precision in Precision.allCases {
        guard let bundled = try? ModelFile(contentsOf: "models/default.safetensors", precision: precision) else {
            break
        }
        Benchmark.printHeading("network: the bundled model, \(bundled.network.parameterCount) parameters")
        for block in [1, 2, 4, 12, 48] {
            stream(bundled.network, block: block, "\(precision), a vector at every hop, blocks of \(block)")
        }
    }

    Benchmark.printHeading("network: what the machine can do")
    let rounds = 100_000
    var result: Float = 0
    Benchmark(
        name: "multiply-adds, single precision", audioSeconds: 0,
        operations: Double(rounds * timbre_peak_float_operations())
    ).run(seconds: 0.3) { result += timbre_peak_float(rounds) }
    if timbre_peak_bytes_operations() > 0 {
        Benchmark(
            name: "multiply-adds of bytes", audioSeconds: 0, operations: Double(rounds * timbre_peak_bytes_operations())
        ).run(seconds: 0.3) { result += Float(timbre_peak_bytes(rounds)) }
    }
    precondition(result != 0)
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
    var generator = SeededGenerator(2)
    let frames = generator.floats(block * network.inputs)
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
