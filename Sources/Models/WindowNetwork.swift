// What a system that looks at the whole window has to do.

/// The weights of such a system, shared by all streams.
protocol WindowWeights: Sendable {
    /// Multiply-adds of one window.
    var multiplyAdds: Int { get }
    /// A network with room for one stream's work.
    func network() -> any WindowNetwork
}

/// Computes one window after the other.
///
/// The steps of a window are taken in order, and what they are is the system's own choice: as small as it can make them,
/// for one of them is done between two frames. `init` allocates everything, the rest allocates nothing.
protocol WindowNetwork: AnyObject {
    /// Steps of one window.
    var stepCount: Int { get }
    /// Does one step's work on a window `[frames][64]` of log-mel values, which stays the same through all steps.
    func step(_ index: Int, window: UnsafePointer<Float>)
    /// Writes one tag per class after the last step; a focus is counted from the window's own beginning.
    func read(into tags: UnsafeMutablePointer<ClipTag>)
    /// Where it looked, glimpse by glimpse; nil for systems that do not look around.
    var path: UnsafeBufferPointer<Glimpse>? { get }
}

extension WindowNetwork {
    var path: UnsafeBufferPointer<Glimpse>? { nil }
}
