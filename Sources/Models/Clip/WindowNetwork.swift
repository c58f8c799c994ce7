// The interface of a system that computes the whole window at once.

/// The weights of such a system. They are immutable and shared by all streams; any thread may use them.
package protocol WindowWeights: Sendable {
    /// Multiply-adds of one window.
    var multiplyAdds: Int { get }
    /// Creates a network with buffers for one stream.
    func network() -> any WindowNetwork
}

/// Computes one window after the other.
///
/// The steps of a window are performed in order, one between two frames; the system chooses their size, which should
/// be small. `init` allocates everything; the other methods allocate nothing and do not block. Only one thread at a
/// time may use it; the stream that created it owns it.
package protocol WindowNetwork: AnyObject {
    /// Number of steps of one window.
    var stepCount: Int { get }
    /// Performs one step on a window `[frames][64]` of log-mel values, which must not change during all steps.
    func step(_ index: Int, window: UnsafePointer<Float>)
    /// Writes one tag per class after the last step; a focus is counted from the beginning of the window.
    func read(into tags: UnsafeMutablePointer<ClipTag>)
    /// The glimpses, in order; nil for systems without them.
    var path: UnsafeBufferPointer<Glimpse>? { get }
}

extension WindowNetwork {
    package var path: UnsafeBufferPointer<Glimpse>? { nil }
}
