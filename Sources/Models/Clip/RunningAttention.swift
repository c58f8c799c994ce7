// Attention over all past patches with exponential forgetting instead of a window.

/// Numerator and denominator of the attention with forgetting: `n = g n + N` and `d = g d + D` at every patch, where N
/// and D are the sums of that patch. With g = 1 it would be the attention over the whole stream.
final class RunningAttention: ClipPooling {
    private let measure: PatchMeasure
    private let forgetting: Float
    private let patch: PatchAttention
    private let memory: PatchAttention
    /// The patch of the largest weight, which fades as the sums do.
    private var patches: [Int]
    private var next = 0
    private var isEmpty = true

    /// - Parameter forgetting: the factor by which the past fades per patch, in (0, 1).
    init(_ measure: PatchMeasure, forgetting: Float) {
        self.measure = measure
        self.forgetting = forgetting
        patch = PatchAttention(classes: measure.classes)
        memory = PatchAttention(classes: measure.classes)
        patches = Array(repeating: 0, count: measure.classes)
    }

    deinit {
        patch.deallocate()
        memory.deallocate()
    }

    func append(_ instances: UnsafePointer<Float>) {
        measure.measure(instances, into: patch)
        for name in 0..<measure.classes {
            memory.numerators[name] = forgetting * memory.numerators[name] + patch.numerators[name]
            memory.denominators[name] = forgetting * memory.denominators[name] + patch.denominators[name]
            memory.peaks[name] *= forgetting
            guard patch.peaks[name] > memory.peaks[name] else { continue }
            memory.peaks[name] = patch.peaks[name]
            memory.peakInstances[name] = patch.peakInstances[name]
            patches[name] = next
        }
        next += 1
        isEmpty = false
    }

    func skip() { next += 1 }

    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool {
        guard !isEmpty else { return false }
        for name in 0..<measure.classes {
            tags[name] = measure.tag(
                memory.numerators[name], memory.denominators[name], patch: patches[name],
                instance: memory.peakInstances[name])
        }
        return true
    }

    func reset() {
        memory.clear()
        next = 0
        isEmpty = true
    }
}
