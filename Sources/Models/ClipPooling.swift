// From the instances of patches to the tags of a window.

/// Pools the instances of the newest patches.
///
/// Patches are numbered from 0 in each stream; every one is either appended or skipped, in order. `init` allocates
/// everything, the rest allocates nothing.
protocol ClipPooling: AnyObject {
    /// Takes the embedded instances of the next patch.
    func append(_ instances: UnsafePointer<Float>)
    /// The next patch was not computed.
    func skip()
    /// Writes one tag per class; false, and nothing written, while there are none.
    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool
    /// Begins anew with patch 0.
    func reset()
    /// The families' probabilities after `evaluate`, in the order of the description; nil for systems without.
    var families: UnsafePointer<Float>? { get }
}

extension ClipPooling {
    var families: UnsafePointer<Float>? { nil }
}
