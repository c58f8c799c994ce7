// Attention over the newest patches, each of which is computed once.

/// Stores the sums of the last patches: a window that moves by one patch requires the work of that patch and a few
/// additions.
///
/// The attention of a window is normalised by the sum of all its weights (Watcharasupat et al. 2020, equation 4). Its
/// tags can therefore be computed from the sums of each patch, and equal those of the whole window computed from the
/// beginning.
final class SlidingAttention: ClipPooling {
    private let measure: PatchMeasure
    private let patches: [PatchAttention]
    private var isPresent: [Bool]
    /// Number of the next patch.
    private var next = 0

    init(_ measure: PatchMeasure, window: Int) {
        self.measure = measure
        patches = (0..<window).map { _ in PatchAttention(classes: measure.classes) }
        isPresent = Array(repeating: false, count: window)
    }

    deinit {
        for patch in patches { patch.deallocate() }
    }

    func append(_ instances: UnsafePointer<Float>) {
        measure.measure(instances, into: patches[next % patches.count])
        isPresent[next % patches.count] = true
        next += 1
    }

    func skip() {
        isPresent[next % patches.count] = false
        next += 1
    }

    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool {
        let oldest = max(0, next - patches.count)
        var any = false
        for number in oldest..<next where isPresent[number % patches.count] { any = true }
        guard any else { return false }
        for name in 0..<measure.classes {
            var (numerator, denominator, peak): (Float, Float, Float) = (0, 0, 0)
            var (patch, instance) = (0, 0)
            for number in oldest..<next where isPresent[number % patches.count] {
                let sums = patches[number % patches.count]
                numerator += sums.numerators[name]
                denominator += sums.denominators[name]
                guard sums.peaks[name] > peak else { continue }
                (peak, patch, instance) = (sums.peaks[name], number, sums.peakInstances[name])
            }
            tags[name] = measure.tag(numerator, denominator, patch: patch, instance: instance)
        }
        return true
    }

    func reset() {
        for index in isPresent.indices { isPresent[index] = false }
        next = 0
    }
}
