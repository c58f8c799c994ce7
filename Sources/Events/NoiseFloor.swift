// How loud the room is while nothing plays: followed from the levels of the hops, without looking ahead.

import AudioCore
import Glibc

/// The noise floor of one stream, in the manner of minimum statistics (Martin 2001), on the level of whole hops.
///
/// The level is averaged over 100 ms. The floor falls at once to a lower average. It rises only where the last 5 s lie within
/// `spread`, that is, where nothing in them would have stood out; then it rises by `rise` to their lowest average, or is that at once
/// where no floor was known. What is louder than `highest` is never a floor, so a loud organ note is none however
/// long it is held; and while an instrument is on, the floor rises by `crawl` alone, so a soft one is none for minutes.
///
/// A stream that begins with half a second of perfect steadiness has begun with its floor; until that is judged, only what is louder
/// than any floor counts as sound. Digital silence says nothing of the room and is passed over.
///
/// Deterministic and without allocation; one step a hop.
public struct NoiseFloor: Equatable, Sendable {
    /// Time constant of the average, in seconds.
    static let smoothing = 0.1
    /// Seconds that must have been steady before the floor rises.
    static let window = 5.0
    /// How far apart the averages of a steady window lie at most, in dB.
    static let spread: Float = 4.5
    /// How fast the floor rises, in dB a second.
    static let rise = 3.0
    /// How fast it rises while an instrument is on: 3 dB a minute.
    static let crawl = 0.05
    /// Seconds at the beginning of a stream that are judged, and how steady a floor is in them, in dB. White noise and hum
    /// vary by less than 1 dB there; of real music one recording in twenty varies by less than 2.4 dB.
    static let judgement = 0.5
    static let judgedSpread: Float = 2

    /// The floor in dBFS; nil while none is known.
    public private(set) var level: Float?
    /// True until the beginning of the stream has been judged.
    public private(set) var isJudging = true

    private let weight: Float
    private let rise: Float, crawl: Float
    private let partFrames: Int, judgedFrames: Int
    private var average: Float?
    /// Lowest and highest average in each part of the window; the one at `part` is being filled.
    private var lows = SIMD8<Float>(repeating: .infinity)
    private var highs = SIMD8<Float>(repeating: -.infinity)
    private var part = 0
    private var frames = 0
    /// Parts that are complete, at most seven of them and the one in work.
    private var complete = 0
    private var judged = 0

    /// Knows no floor yet; `frameRate` hops come a second.
    public init(frameRate: Double) {
        let rate = frameRate > 0 && frameRate.isFinite ? min(frameRate, 1e6) : 1
        weight = Float(1 - exp(-1 / (Self.smoothing * rate)))
        rise = Float(Self.rise / rate)
        crawl = Float(Self.crawl / rate)
        partFrames = max(1, Int(saturating: (Self.window / 8 * rate).rounded(.up)))
        judgedFrames = max(1, Int(saturating: (Self.judgement * rate).rounded(.up)))
    }

    /// Takes the root mean square of one hop, in dBFS.
    ///
    /// - Parameters:
    ///   - highest: no floor is louder, dBFS.
    ///   - isHeard: whether an instrument is on.
    public mutating func step(_ level: Float, highest: Float, isHeard: Bool) {
        // A NaN is passed over as well.
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

    /// Audio is missing here: what is steady must show anew, and the floor stays until it does.
    public mutating func reset() {
        average = nil
        lows = SIMD8(repeating: .infinity)
        highs = SIMD8(repeating: -.infinity)
        (part, frames, complete, judged) = (0, 0, 0, 0)
    }
}
