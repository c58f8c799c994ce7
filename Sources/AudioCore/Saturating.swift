// Whole numbers from floating-point numbers that may be anything.

extension Int64 {
    /// `value` without its fraction, or the nearest number that fits; 0 for NaN. Unlike `init(_:)` it never traps, which
    /// matters wherever a setting, a file or years of running have a say in the value.
    ///
    /// Real-time safe, which a version for every integer type was not: its metadata is looked up under a lock.
    public init(saturating value: Double) {
        if value.isNaN {
            self = 0
        } else if value >= 0x1p63 {
            self = .max
        } else if value < -0x1p63 {
            self = .min
        } else {
            self = Int64(value)
        }
    }
}

extension Int {
    /// As `Int64.init(saturating:)`.
    public init(saturating value: Double) {
        self = Int(Int64(saturating: value))
    }
}
