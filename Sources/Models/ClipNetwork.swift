// The weights of a clip model of any kind, shared by all streams.

import NeuralNetwork

/// What a clip model's file holds, ready to run.
enum ClipNetwork: Sendable {
    /// Patches are computed one by one, each once; what is kept of them is pooled over the window.
    case patches(PatchWeights, ClipHead)
    /// The whole window is looked at anew whenever a patch has come to its end.
    case window(any WindowWeights)

    /// Builds what `description` says from the tensors of its file.
    init(_ description: ClipDescription, tensors: [String: Tensor]) throws(NetworkError) {
        if let form = description.architecture.glimpses {
            self = .window(
                try GlimpseWeights(
                    form, width: description.width ?? 0,
                    frames: description.windowPatches * ClipArchitecture.patchFrames,
                    classes: description.classes.count, tensors: tensors))
            return
        }
        let form = description.architecture.patches ?? .apart
        let weights = try PatchWeights(form, width: description.width ?? 0, tensors: tensors)
        self = .patches(weights, try ClipHead(description, form, tensors: tensors))
    }

    /// A fresh stream, whose `ClipSettings` were checked.
    func stream(_ settings: ClipSettings) -> any ClipStream {
        switch self {
        case .patches(let weights, let head): PatchStream(PatchNetwork(weights), head.pooling(settings))
        case .window(let weights):
            WindowStream(weights.network(), patches: settings.window, classes: settings.file.description.classes.count)
        }
    }

    /// Multiply-adds whenever a patch has come to its end, without those of the last layers.
    var multiplyAdds: Int {
        switch self {
        case .patches(let weights, _): weights.multiplyAdds
        case .window(let weights): weights.multiplyAdds
        }
    }

    /// Multiply-adds of a window that is computed afresh.
    func windowMultiplyAdds(patches: Int) -> Int {
        switch self {
        case .patches(let weights, let head):
            patches * weights.multiplyAdds + head.multiplyAdds(window: patches, weights.form)
        case .window(let weights): weights.multiplyAdds
        }
    }
}
