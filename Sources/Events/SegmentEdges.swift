// Estimates when a sound began and ended from its activity; a decision comes later than the sound.

/// Tracks the smoothed activity of one instrument for two estimates: where the rise to its `on` began, and until when
/// the activity was as high as in the segment so far.
///
/// A pure value without allocation; positions are in samples and never decrease.
struct SegmentEdges: Equatable, Sendable {
    /// A rise begins where the activity was last below one of these fractions of the `on` threshold; the lowest
    /// fraction below which the activity was within `reach` is used. Chosen on recordings with known onset times: see
    /// `docs/evaluation.md`.
    static let low = SIMD4<Float>(0.05, 0.1, 0.25, 0.5)
    /// Seconds before a decision in which the rise is searched.
    static let reach = 1.2
    /// A sound ends where the activity was last at this fraction of its mean since the `on`.
    static let strong = 0.9

    /// The positions where the activity was last below each fraction of `low`.
    private var below = SIMD4<Int64>(repeating: .min)
    private var lastStrong = Int64.min
    private var sum = 0.0
    private var count = 0

    /// Processes the activity of the frame that ends at `position`, after the decision on that frame.
    mutating func step(_ level: Float, threshold: Float, position: Int64, isOn: Bool) {
        for index in 0..<4 where level < Self.low[index] * threshold { below[index] = position }
        guard isOn else {
            sum = 0
            count = 0
            return
        }
        sum += Double(level)
        count += 1
        if Double(level) * Double(count) >= Self.strong * sum { lastStrong = position }
    }

    /// Records that nothing sounds at `position`, whatever the activity was.
    mutating func silence(position: Int64) {
        below = SIMD4(repeating: position)
        sum = 0
        count = 0
    }

    /// Returns the position where the rise began that led to the `on` at `position`; `reach` is in samples. Returns
    /// `position` when there was no rise.
    func rise(to position: Int64, reach: Int64) -> Int64 {
        for index in 0..<4 where below[index] != .min && below[index] >= position - reach { return below[index] }
        return position
    }

    /// Returns the last position at which the activity was as high as before, at most `position`.
    func fall(before position: Int64) -> Int64 {
        lastStrong == .min ? position : min(lastStrong, position)
    }
}
