// The last layers of a system that processes patches one by one.

/// The weights after the instances of patches. They are immutable and shared by all streams; any thread may use them.
package protocol ClipHead: Sendable {
    /// Creates the pooling of one stream, whose settings are already validated.
    func pooling(_ settings: ClipSettings) -> any ClipPooling
    /// Returns the multiply-adds of a window of this number of patches.
    func multiplyAdds(window: Int) -> Int
}

/// Pools the instances of the newest patches.
///
/// Patches are numbered from 0 in each stream; every patch is either appended or skipped, in order. `init` allocates
/// everything; the other methods allocate nothing and do not block. Only one thread at a time may use it; the stream
/// that created it owns it.
package protocol ClipPooling: AnyObject {
    /// Appends the embedded instances of the next patch.
    func append(_ instances: UnsafePointer<Float>)
    /// Skips the next patch, which was not computed.
    func skip()
    /// Writes one tag per class; returns false, and writes nothing, while there are none.
    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool
    /// Resets the state; the next patch has number 0.
    func reset()
    /// The families' probabilities after `evaluate`, in the order of the description; nil for systems without.
    var families: UnsafePointer<Float>? { get }
}

extension ClipPooling {
    package var families: UnsafePointer<Float>? { nil }
}
