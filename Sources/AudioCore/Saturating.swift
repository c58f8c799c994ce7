// Conversion of any floating-point number to an integer.

extension Int64 {
    /// Converts `value` to an integer without its fraction, or to the nearest representable number; 0 for NaN. Unlike
    /// `init(_:)` it never traps, which is required for values that depend on a setting, a file or a long run time.
    ///
    /// Real-time safe. A generic version for every integer type was not, because its metadata is looked up under a
    /// lock.
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
    /// See `Int64.init(saturating:)`.
    public init(saturating value: Double) {
        self = Int(Int64(saturating: value))
    }
}
