// A system that computes patches one by one and pools them.

/// The work of each patch is done once, in bounded steps; a window that moves by one patch requires the work of that
/// patch.
final class PatchStream: ClipStream {
    private let network: PatchNetwork
    private let pooling: any ClipPooling

    init(_ network: PatchNetwork, _ pooling: any ClipPooling) {
        self.network = network
        self.pooling = pooling
    }

    var stepCount: Int { network.stepCount }
    func load(_ patch: UnsafePointer<Float>) { network.load(patch) }

    func step(_ index: Int) {
        network.step(index)
        if index == stepCount - 1 { pooling.append(network.instances) }
    }

    func skip() { pooling.skip() }
    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool { pooling.evaluate(into: tags) }
    var families: UnsafePointer<Float>? { pooling.families }
    func reset() { pooling.reset() }
}
