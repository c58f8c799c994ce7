// The contract of a system that takes the whole window at once.

/// The weights of such a system: immutable, shared by all streams, for any thread.
package protocol WindowWeights: Sendable {
    /// Multiply-adds of one window.
    var multiplyAdds: Int { get }
    /// A network with room for one stream's work.
    func network() -> any WindowNetwork
}

/// Computes one window after the other.
///
/// The steps of a window are taken in order. The system chooses their size, as small as it can: one of them is done between
/// two frames. `init` allocates everything, the rest allocates nothing and does not block. For one thread at a time; the stream
/// that made it owns it.
package protocol WindowNetwork: AnyObject {
    /// Steps of one window.
    var stepCount: Int { get }
    /// Does one step's work on a window `[frames][64]` of log-mel values, which stays the same through all steps.
    func step(_ index: Int, window: UnsafePointer<Float>)
    /// Writes one tag per class after the last step; a focus is counted from the window's own beginning.
    func read(into tags: UnsafeMutablePointer<ClipTag>)
    /// The glimpses, in order; nil for systems without them.
    var path: UnsafeBufferPointer<Glimpse>? { get }
}

extension WindowNetwork {
    package var path: UnsafeBufferPointer<Glimpse>? { nil }
}
