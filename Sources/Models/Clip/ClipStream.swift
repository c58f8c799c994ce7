// One stream through a clip system of any kind, from patches to tags.

/// Takes one patch after the other and does its work in steps.
///
/// Patches are numbered from 0; every one is either loaded or skipped, in order. After `load` the steps are taken in order,
/// all of them before the next patch, unless the patch is given up with `skip`. The result does not depend on when the
/// steps are taken. `init` allocates everything, the rest allocates nothing. For one thread at a time.
package protocol ClipStream: AnyObject {
    /// Steps of one patch.
    var stepCount: Int { get }
    /// Takes the `[96][64]` log-mel values of a patch that has come to its end.
    func load(_ patch: UnsafePointer<Float>)
    /// Does one step's work.
    func step(_ index: Int)
    /// Leaves a patch out: the one that was loaded last and is not finished, or else the next.
    func skip()
    /// Writes one tag per class; false, and nothing written, while there are none.
    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool
    /// Begins anew with patch 0.
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
