// The last layers of a system that computes patches one by one.

/// The weights behind the instances of patches, immutable, shared by all streams, for any thread.
package protocol ClipHead: Sendable {
    /// The pooling of one stream, whose settings were checked.
    func pooling(_ settings: ClipSettings) -> any ClipPooling
    /// Multiply-adds of a window of so many patches.
    func multiplyAdds(window: Int) -> Int
}

/// Pools the instances of the newest patches.
///
/// Patches are numbered from 0 in each stream; every one is either appended or skipped, in order. `init` allocates
/// everything, the rest allocates nothing and does not block. For one thread at a time; the stream that made it owns it.
package protocol ClipPooling: AnyObject {
    /// Takes the embedded instances of the next patch.
    func append(_ instances: UnsafePointer<Float>)
    /// Leaves the next patch out: it was not computed.
    func skip()
    /// Writes one tag per class; false, and nothing written, while there are none.
    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool
    /// Begins anew with patch 0.
    func reset()
    /// The families' probabilities after `evaluate`, in the order of the description; nil for systems without.
    var families: UnsafePointer<Float>? { get }
}

extension ClipPooling {
    package var families: UnsafePointer<Float>? { nil }
}
