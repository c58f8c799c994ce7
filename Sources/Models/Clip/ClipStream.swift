// One stream through a clip system of any kind, from patches to tags.

/// Processes one patch after the other, with its work divided into steps.
///
/// Patches are numbered from 0; every patch is either loaded or skipped, in order. After `load`, all steps are
/// performed in order before the next patch, unless the patch is abandoned with `skip`. The result does not depend on
/// the times of the steps. `init` allocates everything; the other methods allocate nothing. Only one thread at a time
/// may use it.
package protocol ClipStream: AnyObject {
    /// Number of steps of one patch.
    var stepCount: Int { get }
    /// Loads the `[96][64]` log-mel values of a complete patch.
    func load(_ patch: UnsafePointer<Float>)
    /// Performs one step.
    func step(_ index: Int)
    /// Skips a patch: the last loaded one if it is not finished, otherwise the next one.
    func skip()
    /// Writes one tag per class; returns false, and writes nothing, while there are none.
    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool
    /// Resets the state; the next patch has number 0.
    func reset()
    /// The families' probabilities after `evaluate`, in the order of the description; nil for systems without.
    var families: UnsafePointer<Float>? { get }
    /// The glimpses, in order, after `evaluate`; nil for systems without them.
    var path: UnsafeBufferPointer<Glimpse>? { get }
}

extension ClipStream {
    package var families: UnsafePointer<Float>? { nil }
    package var path: UnsafeBufferPointer<Glimpse>? { nil }
}
