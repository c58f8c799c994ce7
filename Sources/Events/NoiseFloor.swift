// Estimates the level of the background noise from the levels of the hops, causally.

import AudioCore
import Glibc

/// The noise floor of one stream, similar to minimum statistics (Martin 2001), computed from the level of whole hops.
///
/// The level is averaged over 100 ms. The floor falls at once to a lower average. It rises only where the averages of
/// the last 5 s lie within `spread`, that is, where no sound stood out in them. It then rises by `rise` to their
/// lowest average, or takes that value at once where no floor was known. A level above `highest` is never taken as a
/// floor, so a loud sustained organ note does not become one however long it lasts. While an instrument is on, the
/// floor rises only by `crawl`, so a soft sustained note does not become the floor for minutes.
///
/// If the first half second of a stream is steady, its level is the first floor. Until that is decided, only a level
/// above `highest` counts as sound. Digital silence carries no information about the noise and is ignored.
///
/// The estimate is deterministic and allocates nothing; it takes one step a hop.
public struct NoiseFloor: Equatable, Sendable {
    /// Time constant of the average, in seconds.
    static let smoothing = 0.1
    /// Seconds that must be steady before the floor rises.
    static let window = 5.0
    /// Largest distance between the averages of a steady window, in dB.
    static let spread: Float = 4.5
    /// Rate at which the floor rises, in dB per second.
    static let rise = 3.0
    /// Rate at which the floor rises while an instrument is on, in dB per second: 3 dB a minute.
    static let crawl = 0.05
    /// Length of the beginning of a stream that is judged, in seconds, and the largest spread of a floor in it, in dB.
    /// White noise and hum vary by less than 1 dB there; of real music, one recording in twenty varies by less than
    /// 2.4 dB.
    static let judgement = 0.5
    static let judgedSpread: Float = 2

    /// The floor in dBFS; nil while it is unknown.
    public private(set) var level: Float?
    /// True until the beginning of the stream has been judged.
    public private(set) var isJudging = true

    private let weight: Float
    private let rise: Float, crawl: Float
    private let partFrames: Int, judgedFrames: Int
    private var average: Float?
    /// Lowest and highest average in each part of the window; the part at `part` is being filled.
    private var lows = SIMD8<Float>(repeating: .infinity)
    private var highs = SIMD8<Float>(repeating: -.infinity)
    private var part = 0
    private var frames = 0
    /// Number of complete parts, at most seven besides the part being filled.
    private var complete = 0
    private var judged = 0

    /// Creates an estimator without a floor; `frameRate` is the number of hops per second.
    public init(frameRate: Double) {
        let rate = frameRate > 0 && frameRate.isFinite ? min(frameRate, 1e6) : 1
        weight = Float(1 - exp(-1 / (Self.smoothing * rate)))
        rise = Float(Self.rise / rate)
        crawl = Float(Self.crawl / rate)
        partFrames = max(1, Int(saturating: (Self.window / 8 * rate).rounded(.up)))
        judgedFrames = max(1, Int(saturating: (Self.judgement * rate).rounded(.up)))
    }

    /// Processes the root mean square of one hop, in dBFS.
    ///
    /// - Parameters:
    ///   - highest: the floor is never above this level, dBFS.
    ///   - isHeard: whether an instrument is on.
    public mutating func step(_ level: Float, highest: Float, isHeard: Bool) {
        // A NaN is ignored as well.
        guard level > Activity.lowestLevel else { return }
        let before = average ?? level
        let average = before + weight * (level - before)
        self.average = average
        lows[part] = min(lows[part], average)
        highs[part] = max(highs[part], average)
        let (low, high) = (lows.min(), highs.max())
        if isJudging { judge(low, high, highest) }
        if let floor = self.level, average < floor { self.level = average }
        if complete >= 7, high <= highest, high - low <= Self.spread { approach(low, isHeard: isHeard) }
        frames += 1
        guard frames == partFrames else { return }
        frames = 0
        complete = min(7, complete + 1)
        part = (part + 1) % 8
        lows[part] = .infinity
        highs[part] = -.infinity
    }

    private mutating func judge(_ low: Float, _ high: Float, _ highest: Float) {
        judged += 1
        guard high <= highest, high - low <= Self.judgedSpread else {
            isJudging = false
            return
        }
        guard judged >= judgedFrames else { return }
        isJudging = false
        level = low
    }

    private mutating func approach(_ low: Float, isHeard: Bool) {
        if let floor = level {
            level = max(floor, min(low, floor + (isHeard ? crawl : rise)))
        } else if !isHeard {
            level = low
        }
    }

    /// Resets the window because audio is missing: steadiness must be established again, and the floor is kept until it
    /// is.
    public mutating func reset() {
        average = nil
        lows = SIMD8(repeating: .infinity)
        highs = SIMD8(repeating: -.infinity)
        (part, frames, complete, judged) = (0, 0, 0, 0)
    }
}
