// One clip model file: what a whole window costs, front end excluded.

import Features
import Models
import PublishedModels
import TestSupport

/// Prints a line of JSON: the least CPU time of a window computed afresh in seconds, its multiply-adds, and the model's window in
/// patches. The least of many is what the work itself takes; other work on the machine only adds to it.
func benchmarkClipModel(_ path: String) throws {
    let file = try ClipModelFile(contentsOf: path, among: .all)
    let model = ClipModel(try ClipSettings(file))
    let patches = file.description.windowPatches
    var generator = SeededGenerator(1)
    let spectrum = generator.floats(patches * ClipArchitecture.patchFrames * LogMel.bands).map { 2 * $0 - 2 }
    var least = Double.infinity
    for _ in 0..<40 {
        model.reset()
        let start = Benchmark.cpuSeconds()
        spectrum.withUnsafeBufferPointer { values in
            guard let frames = values.baseAddress else { return }
            for frame in 0..<patches * ClipArchitecture.patchFrames {
                _ = model.process(frames + frame * LogMel.bands)
            }
        }
        guard model.finish() else { continue }
        least = min(least, Benchmark.cpuSeconds() - start)
    }
    print("{\"seconds\": \(least), \"multiply_adds\": \(file.windowMultiplyAdds), \"patches\": \(patches)}")
}
