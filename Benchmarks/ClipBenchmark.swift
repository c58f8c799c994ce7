// The clip models: log-mel, what a patch costs, a window that moves by a patch beside one computed afresh.

import Features
import Foundation
import Models
import SceneFixtures
import TestSupport

/// Seconds of one patch.
private let patchSeconds = 0.96

func benchmarkClip() throws {
    Benchmark.printHeading("clip: the front end")
    logMel(LogMel(), "log-mel of 16 kHz, blocks of 160 samples")
    frontEnd(rate: 44_100, "resampled from 44.1 kHz, blocks of 512 samples")

    let classes = Array(InstrumentClass.allCases)
    var files = [("width 16", try ClipModelFile(try encodeClipModel(width: 16, classes: classes), file: "16"))]
    files.append(
        ("published width 64", try ClipModelFile(try encodeClipModel(width: 64, classes: classes), file: "64")))
    if let bundled = try? ClipModelFile(contentsOf: "models/clip.safetensors") {
        files.append(("bundled", bundled))
    }
    for (name, file) in files {
        Benchmark.printHeading("clip: \(name), \(file.multiplyAdds / 1_000_000) million multiply-adds a patch")
        try window(file, "one more patch, and the tags of the window")
        try window(file, "ten patches afresh", patches: 10)
        try frames(file, "one frame of 10 ms, work spread over them")
    }
}

private func logMel(_ logMel: LogMel, _ name: String) {
    let samples = (0..<LogMel.hop).map { Float(0.3 * sin(0.05 * Double($0))) }
    Benchmark(name: name, audioSeconds: Double(LogMel.hop) / Double(LogMel.sampleRate)).run {
        samples.withUnsafeBufferPointer { logMel.process($0) { _ in } }
    }
}

private func frontEnd(rate: Int, _ name: String) {
    let frontEnd = ClipFrontEnd(sampleRate: rate)
    let samples = (0..<512).map { Float(0.3 * sin(0.05 * Double($0))) }
    Benchmark(name: name, audioSeconds: 512 / Double(rate)).run {
        samples.withUnsafeBufferPointer { frontEnd.process($0) { _ in } }
    }
}

/// What the tags of a window cost each time that it moves by a patch.
private func window(_ file: ClipModelFile, _ name: String, patches: Int = 1) throws {
    let model = ClipModel(try ClipSettings(file))
    var generator = SeededGenerator(1)
    let patch = generator.floats(ClipArchitecture.patchFrames * LogMel.bands)
    Benchmark(name: name, audioSeconds: patchSeconds, operations: Double(patches * file.multiplyAdds)).run(seconds: 1) {
        patch.withUnsafeBufferPointer { patch in
            guard let start = patch.baseAddress else { return }
            for frame in 0..<patches * ClipArchitecture.patchFrames {
                _ = model.process(start + frame % ClipArchitecture.patchFrames * LogMel.bands)
            }
        }
    }
}

/// What one frame costs, and so by how much the clip model can hold up a hop.
private func frames(_ file: ClipModelFile, _ name: String) throws {
    let model = ClipModel(try ClipSettings(file))
    let frame = [Float](repeating: -1, count: LogMel.bands)
    Benchmark(name: name, audioSeconds: 0.01).run(seconds: 1) { _ = model.process(frame) }
}
