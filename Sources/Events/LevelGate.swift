// Keeps silence and noise floors from lighting instruments: nothing sounds below an absolute level.

/// A gate on the level of the sound, with hysteresis and hold.
///
/// It opens at `open` dBFS and shuts once the level has stayed below `open - hysteresis` for longer than `hold`.
/// The level is absolute: no gain control lifts a noise floor over it.
public struct LevelGate: Equatable, Sendable {
    /// Where the gate opens and shuts.
    public struct Settings: Equatable, Sendable {
        /// It opens at this level, dB relative to full scale; -120...0, and -120 never shuts.
        public let open: Float
        /// It shuts this many dB lower; 0...40.
        public let hysteresis: Float
        /// It stays open this long below that, in milliseconds; 0...60000.
        public let hold: Double

        /// Refuses values outside the ranges of the properties, NaN included.
        public init(open: Float, hysteresis: Float = 6, hold: Double = 300) throws(EventsError) {
            guard open >= Activity.lowestLevel, open <= 0 else {
                throw .setting(name: "gate_dbfs", problem: "is \(open) and must be -120...0 dBFS")
            }
            guard hysteresis >= 0, hysteresis <= 40 else {
                throw .setting(name: "gate_hysteresis_db", problem: "is \(hysteresis) and must be 0...40 dB")
            }
            guard hold >= 0, hold <= 60_000 else {
                throw .setting(name: "gate_hold_ms", problem: "is \(hold) and must be 0...60000 ms")
            }
            self.open = open
            self.hysteresis = hysteresis
            self.hold = hold
        }
    }

    /// True while sound may count as music.
    public private(set) var isOpen = false
    private var below = 0

    /// A gate that is shut.
    public init() {}

    /// Takes the root mean square of one frame, in dBFS (NaN counts as silence), and says whether the gate is open.
    public mutating func step(_ level: Float, settings: Settings, frameRate: Double) -> Bool {
        let level = level >= Activity.lowestLevel ? level : Activity.lowestLevel
        if level >= settings.open {
            isOpen = true
            below = 0
        } else if isOpen, level < settings.open - settings.hysteresis {
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
