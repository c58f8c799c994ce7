// The attention sums of one patch, which are all the data of a patch that a window keeps.

import NeuralNetwork

/// Sums over the instances of a patch, for every class: the weighted probabilities and the weights; and the instance
/// with the largest weight.
///
/// Plain memory that its owner deallocates.
struct PatchAttention {
    /// The sum of weight times probability over the instances, class by class.
    let numerators: UnsafeMutablePointer<Float>
    /// The sum of the weights.
    let denominators: UnsafeMutablePointer<Float>
    /// The largest weight.
    let peaks: UnsafeMutablePointer<Float>
    /// The instance of the largest weight.
    let peakInstances: UnsafeMutablePointer<Int>
    private let classes: Int

    init(classes: Int) {
        self.classes = classes
        (numerators, denominators, peaks) = (
            .allocate(capacity: classes), .allocate(capacity: classes), .allocate(capacity: classes)
        )
        peakInstances = .allocate(capacity: classes)
        peakInstances.initialize(repeating: 0, count: classes)
        clear()
    }

    func deallocate() {
        numerators.deallocate()
        denominators.deallocate()
        peaks.deallocate()
        peakInstances.deallocate()
    }

    /// Sets all sums to zero.
    func clear() {
        numerators.initialize(repeating: 0, count: classes)
        denominators.initialize(repeating: 0, count: classes)
        peaks.initialize(repeating: 0, count: classes)
    }

    /// Sums `[count][classes]` weights and probabilities.
    func sum(_ weights: UnsafePointer<Float>, _ opinions: UnsafePointer<Float>, count: Int) {
        clear()
        for instance in 0..<count {
            for name in 0..<classes {
                let weight = weights[instance * classes + name]
                numerators[name] += weight * opinions[instance * classes + name]
                denominators[name] += weight
                guard weight > peaks[name] else { continue }
                peaks[name] = weight
                peakInstances[name] = instance
            }
        }
    }
}
