// When a sound began and ended, as far as its activity tells: a decision comes late by its nature, these look back.

/// Follows the smoothed activity of one instrument for what matters once it is believed: where the rise to its `on`
/// began, and until when it was as strong as in the segment so far.
///
/// A pure value without allocation; positions are in samples and never go back.
struct SegmentEdges: Equatable, Sendable {
    /// A rise begins where the activity was last below such a share of the `on` threshold; the lowest that it was below
    /// within `reach` counts. Chosen on recordings whose times are known: see `docs/evaluation.md`.
    static let low = SIMD4<Float>(0.05, 0.1, 0.25, 0.5)
    /// Seconds before a decision in which the rise is looked for.
    static let reach = 1.2
    /// A sound ends where its activity was last at such a share of its mean since the `on`.
    static let strong = 0.9

    /// Where the activity was last below each of `low`.
    private var below = SIMD4<Int64>(repeating: .min)
    private var lastStrong = Int64.min
    private var sum = 0.0
    private var count = 0

    /// Takes the activity of the frame that ends at `position`, after the decision on it.
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

    /// Nothing is to be heard at `position`, whatever the activity was.
    mutating func silence(position: Int64) {
        below = SIMD4(repeating: position)
        sum = 0
        count = 0
    }

    /// Where the rise began that was believed at `position`; `reach` is in samples. Without any rise, `position`.
    func rise(to position: Int64, reach: Int64) -> Int64 {
        for index in 0..<4 where below[index] != .min && below[index] >= position - reach { return below[index] }
        return position
    }

    /// Where the sound was last as strong as it had been, at most `position`.
    func fall(before position: Int64) -> Int64 {
        lastStrong == .min ? position : min(lastStrong, position)
    }
}
