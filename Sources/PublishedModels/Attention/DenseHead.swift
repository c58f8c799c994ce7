// FC, the baseline without attention of Watcharasupat, Gururani & Lerch (2020).

import Models
import NeuralNetwork

/// One dense layer over all instances of a window.
struct DenseHead: ClipHead {
    let classifier: Convolution

    func pooling(_ settings: ClipSettings) -> any ClipPooling { DenseWindow(classifier, window: settings.window) }
    func multiplyAdds(window: Int) -> Int { classifier.inputs * classifier.outputs }
}

extension ClipArchitecture {
    /// A dense layer over all instances of the window instead of attention.
    public static let dense = ClipArchitecture("fc", hasFixedWindow: true) {
        (description, tensors) throws(NetworkError) in
        let form = PatchForm.apart
        let patches = try PatchWeights(form, width: description.width ?? 0, tensors: tensors)
        let classifier = try Convolution(
            dense: "classifier", inputs: description.windowPatches * form.instances * form.instanceSize,
            outputs: description.classes.count, tensors: tensors)
        return PatchClipNetwork(patches, DenseHead(classifier: classifier))
    }
}

/// Stores the instances of the last patches; tags are available when the window is full.
final class DenseWindow: ClipPooling {
    private let classifier: Convolution
    private let patchSize: Int
    private let window: Int
    /// The patches of the window, oldest first.
    private let instances: UnsafeMutablePointer<Float>
    private let outputs: UnsafeMutablePointer<Float>
    /// Number of consecutive patches in the window, at most `window`.
    private var filled = 0

    init(_ classifier: Convolution, window: Int) {
        self.classifier = classifier
        self.window = window
        patchSize = classifier.inputs / window
        instances = .allocate(capacity: classifier.inputs)
        instances.initialize(repeating: 0, count: classifier.inputs)
        outputs = .allocate(capacity: classifier.outputs)
        outputs.initialize(repeating: 0, count: classifier.outputs)
    }

    deinit {
        instances.deallocate()
        outputs.deallocate()
    }

    func append(_ patch: UnsafePointer<Float>) {
        instances.update(from: instances + patchSize, count: (window - 1) * patchSize)
        (instances + (window - 1) * patchSize).update(from: patch, count: patchSize)
        filled = min(window, filled + 1)
    }

    func skip() { filled = 0 }

    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool {
        guard filled == window else { return false }
        classifier.apply(to: instances, into: outputs, frames: 1)
        Activation.sigmoid.apply(to: outputs, into: outputs, count: classifier.outputs)
        for name in 0..<classifier.outputs { tags[name] = ClipTag(probability: outputs[name], focus: nil) }
        return true
    }

    func reset() { filled = 0 }
}
