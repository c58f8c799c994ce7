// Keeps instruments off during silence and noise: no instrument is on unless the level exceeds the noise floor.

/// A gate on the level of the audio, with hysteresis and hold.
///
/// The gate opens at the higher of two levels: `open` dBFS, an absolute limit, and `aboveFloor` dB above the noise
/// floor. It shuts once the level has stayed `hysteresis` dB lower for longer than `hold`. No gain control lifts a
/// noise floor above it.
public struct LevelGate: Equatable, Sendable {
    /// The levels at which the gate opens and shuts.
    public struct Settings: Equatable, Sendable {
        /// The gate never opens below this level, dB relative to full scale; -120...0, and -120 alone never shuts it.
        public let open: Float
        /// The gate shuts this many dB lower, but never closer to the floor than a third of `aboveFloor`; 0...40.
        public let hysteresis: Float
        /// The gate stays open for this time below the shutting level, in milliseconds; 0...60000.
        public let hold: Double
        /// The required distance of a sound from the noise floor, in dB; 0...40, and 0 disables the use of the floor.
        public let aboveFloor: Float
        /// A level above this is never taken as the noise floor, dBFS; -120...0.
        public let highestFloor: Float

        /// Throws for values outside the ranges of the properties, NaN included.
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

        /// Returns the level at which the gate opens, given the noise floor.
        func opening(over floor: NoiseFloor) -> Float {
            guard aboveFloor > 0 else { return open }
            if floor.isJudging { return max(open, highestFloor) }
            return floor.level.map { max(open, $0 + aboveFloor) } ?? open
        }

        /// Returns the level below which the gate shuts, given the noise floor.
        func shutting(over floor: NoiseFloor) -> Float {
            let absolute = open - hysteresis
            guard aboveFloor > 0, let level = floor.level else { return absolute }
            return max(absolute, level + max(aboveFloor - hysteresis, aboveFloor / 3))
        }
    }

    /// True while instruments may be on.
    public private(set) var isOpen = false
    private var below = 0

    /// Creates a shut gate.
    public init() {}

    /// Processes the root mean square of one frame, in dBFS (NaN counts as silence), and returns whether the gate is
    /// open.
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

    /// Shuts the gate at once, as at the beginning of a stream.
    public mutating func reset() {
        self = LevelGate()
    }
}
