// The weights of a clip model of any kind, shared by all streams, and the two shapes that they have.

/// The weights of a clip model: immutable, shared by all streams, for any thread. No call blocks; `stream` allocates.
package protocol ClipNetwork: Sendable {
    /// A fresh stream, whose `ClipSettings` were checked.
    func stream(_ settings: ClipSettings) -> any ClipStream
    /// Multiply-adds whenever a patch has come to its end, without those of the last layers.
    var multiplyAdds: Int { get }
    /// Multiply-adds of a window that is computed afresh.
    func windowMultiplyAdds(patches: Int) -> Int
}

/// Patches are computed one by one, each once; what is kept of them is pooled over the window.
package struct PatchClipNetwork: ClipNetwork {
    package let patches: PatchWeights
    package let head: any ClipHead

    package init(_ patches: PatchWeights, _ head: any ClipHead) {
        self.patches = patches
        self.head = head
    }

    package func stream(_ settings: ClipSettings) -> any ClipStream {
        PatchStream(PatchNetwork(patches), head.pooling(settings))
    }

    package var multiplyAdds: Int { patches.multiplyAdds }

    package func windowMultiplyAdds(patches count: Int) -> Int {
        count * patches.multiplyAdds + head.multiplyAdds(window: count)
    }
}

/// The whole window is looked at anew whenever a patch has come to its end.
package struct WindowClipNetwork: ClipNetwork {
    package let weights: any WindowWeights

    package init(_ weights: any WindowWeights) { self.weights = weights }

    package func stream(_ settings: ClipSettings) -> any ClipStream {
        WindowStream(weights.network(), patches: settings.window, classes: settings.file.description.classes.count)
    }

    package var multiplyAdds: Int { weights.multiplyAdds }
    package func windowMultiplyAdds(patches: Int) -> Int { weights.multiplyAdds }
}
