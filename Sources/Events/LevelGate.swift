// Keeps silence and noise floors from lighting instruments: nothing sounds that does not stand out from the room.

/// A gate on the level of the sound, with hysteresis and hold.
///
/// It opens at `open` dBFS, an absolute limit, or `aboveFloor` above the noise floor where that is more, and shuts once the
/// level has stayed `hysteresis` lower for longer than `hold`. No gain control lifts a noise floor over it.
public struct LevelGate: Equatable, Sendable {
    /// Where the gate opens and shuts.
    public struct Settings: Equatable, Sendable {
        /// It never opens below this level, dB relative to full scale; -120...0, and -120 never shuts by itself.
        public let open: Float
        /// It shuts this many dB lower, but never closer to the floor than a third of `aboveFloor`; 0...40.
        public let hysteresis: Float
        /// It stays open this long below that, in milliseconds; 0...60000.
        public let hold: Double
        /// How far a sound must stand out from the noise floor, in dB; 0...40, and 0 leaves the floor out of it.
        public let aboveFloor: Float
        /// What is louder is never taken for a noise floor, dBFS; -120...0.
        public let highestFloor: Float

        /// Refuses values outside the ranges of the properties, NaN included.
        public init(
            open: Float, hysteresis: Float = 6, hold: Double = 300, aboveFloor: Float = 9, highestFloor: Float = -55
        ) throws(EventsError) {
            let levels = [("gate_dbfs", open), ("gate_highest_floor_dbfs", highestFloor)]
            for (name, level) in levels where !(level >= Activity.lowestLevel && level <= 0) {
                throw .setting(name: name, problem: "is \(level) and must be -120...0 dBFS")
            }
            let distances = [("gate_hysteresis_db", hysteresis), ("gate_above_floor_db", aboveFloor)]
            for (name, distance) in distances where !(distance >= 0 && distance <= 40) {
                throw .setting(name: name, problem: "is \(distance) and must be 0...40 dB")
            }
            guard hold >= 0, hold <= 60_000 else {
                throw .setting(name: "gate_hold_ms", problem: "is \(hold) and must be 0...60000 ms")
            }
            self.open = open
            self.hysteresis = hysteresis
            self.hold = hold
            self.aboveFloor = aboveFloor
            self.highestFloor = highestFloor
        }

        /// The level from which it opens over a floor.
        func opening(over floor: NoiseFloor) -> Float {
            guard aboveFloor > 0 else { return open }
            if floor.isJudging { return max(open, highestFloor) }
            return floor.level.map { max(open, $0 + aboveFloor) } ?? open
        }

        /// The level below which it shuts over a floor.
        func shutting(over floor: NoiseFloor) -> Float {
            let absolute = open - hysteresis
            guard aboveFloor > 0, let level = floor.level else { return absolute }
            return max(absolute, level + max(aboveFloor - hysteresis, aboveFloor / 3))
        }
    }

    /// True while sound may count as music.
    public private(set) var isOpen = false
    private var below = 0

    /// A gate that is shut.
    public init() {}

    /// Takes the root mean square of one frame, in dBFS (NaN counts as silence), and says whether the gate is open.
    public mutating func step(_ level: Float, over floor: NoiseFloor, settings: Settings, frameRate: Double) -> Bool {
        let level = level >= Activity.lowestLevel ? level : Activity.lowestLevel
        if level >= settings.opening(over: floor) {
            isOpen = true
            below = 0
        } else if isOpen, level < settings.shutting(over: floor) {
            below += 1
            if Double(below) * 1000 > settings.hold * frameRate {
                isOpen = false
                below = 0
            }
        } else {
            below = 0
        }
        return isOpen
    }

    /// Shuts at once, as at the beginning of a stream.
    public mutating func reset() {
        self = LevelGate()
    }
}
