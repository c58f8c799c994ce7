// One stream through a system that computes the whole window at once.

import Features

/// Stores the frames of a window and passes them to the network whenever a patch is complete.
///
/// Tags are available while the window is full of consecutive patches, because such a system was trained for windows
/// of one length.
final class WindowStream: ClipStream {
    private let network: any WindowNetwork
    private let patches: Int
    private let classes: Int
    /// The frames of the window, oldest first.
    private let window: UnsafeMutablePointer<Float>
    /// Number of consecutive patches in the window, at most `patches`.
    private var filled = 0
    /// Number of the next patch.
    private var next = 0
    private static let patchSize = ClipArchitecture.patchFrames * LogMel.bands

    init(_ network: any WindowNetwork, patches: Int, classes: Int) {
        self.network = network
        self.patches = patches
        self.classes = classes
        window = .allocate(capacity: patches * Self.patchSize)
        window.initialize(repeating: 0, count: patches * Self.patchSize)
    }

    deinit { window.deallocate() }

    var stepCount: Int { network.stepCount }

    func load(_ patch: UnsafePointer<Float>) {
        let size = Self.patchSize
        window.update(from: window + size, count: (patches - 1) * size)
        (window + (patches - 1) * size).update(from: patch, count: size)
    }

    func step(_ index: Int) {
        if filled + 1 >= patches { network.step(index, window: window) }
        guard index == stepCount - 1 else { return }
        filled = min(patches, filled + 1)
        next += 1
    }

    func skip() {
        filled = 0
        next += 1
    }

    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool {
        guard filled == patches else { return false }
        network.read(into: tags)
        let first = (next - patches) * ClipArchitecture.columns
        for name in 0..<classes { tags[name].focus?.column += first }
        return true
    }

    func reset() { (filled, next) = (0, 0) }

    var path: UnsafeBufferPointer<Glimpse>? { network.path }
}
