// The weights of a clip model of any kind, shared by all streams, and their two forms.

/// The weights of a clip model. They are immutable and shared by all streams; any thread may use them. No call blocks;
/// `stream` allocates.
package protocol ClipNetwork: Sendable {
    /// Creates a stream; the `ClipSettings` are already validated.
    func stream(_ settings: ClipSettings) -> any ClipStream
    /// Multiply-adds per completed patch, without those of the last layers.
    var multiplyAdds: Int { get }
    /// Returns the multiply-adds of a window that is computed from the beginning.
    func windowMultiplyAdds(patches: Int) -> Int
}

/// A system that computes each patch once and pools the results over the window.
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

/// A system that computes the whole window again whenever a patch is complete.
package struct WindowClipNetwork: ClipNetwork {
    package let weights: any WindowWeights

    package init(_ weights: any WindowWeights) { self.weights = weights }

    package func stream(_ settings: ClipSettings) -> any ClipStream {
        WindowStream(weights.network(), patches: settings.window, classes: settings.file.description.classes.count)
    }

    package var multiplyAdds: Int { weights.multiplyAdds }
    package func windowMultiplyAdds(patches: Int) -> Int { weights.multiplyAdds }
}
