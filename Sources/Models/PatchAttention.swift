// What attention makes of one patch: all a window has to keep of it.

import NeuralNetwork

/// Weights and opinions of one patch's instances, summed: for every class the weighted opinions, the weights, and the
/// instance of the largest weight.
///
/// Plain memory that its owner deallocates.
struct PatchAttention {
    /// The sum of weight times opinion over the instances, class by class.
    let numerators: UnsafeMutablePointer<Float>
    /// The sum of the weights.
    let denominators: UnsafeMutablePointer<Float>
    /// The largest weight.
    let peaks: UnsafeMutablePointer<Float>
    /// Where it lies.
    let places: UnsafeMutablePointer<Int>
    private let classes: Int

    init(classes: Int) {
        self.classes = classes
        (numerators, denominators, peaks) = (
            .allocate(capacity: classes), .allocate(capacity: classes), .allocate(capacity: classes)
        )
        places = .allocate(capacity: classes)
        places.initialize(repeating: 0, count: classes)
        clear()
    }

    func deallocate() {
        numerators.deallocate()
        denominators.deallocate()
        peaks.deallocate()
        places.deallocate()
    }

    /// Nothing was heard.
    func clear() {
        numerators.initialize(repeating: 0, count: classes)
        denominators.initialize(repeating: 0, count: classes)
        peaks.initialize(repeating: 0, count: classes)
    }

    /// Sums `[count][classes]` weights and opinions.
    func sum(_ weights: UnsafePointer<Float>, _ opinions: UnsafePointer<Float>, count: Int) {
        clear()
        for instance in 0..<count {
            for name in 0..<classes {
                let weight = weights[instance * classes + name]
                numerators[name] += weight * opinions[instance * classes + name]
                denominators[name] += weight
                guard weight > peaks[name] else { continue }
                peaks[name] = weight
                places[name] = instance
            }
        }
    }
}
