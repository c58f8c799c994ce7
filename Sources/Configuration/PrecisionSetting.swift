// The precision of the frame model's convolutions.

/// The value of `precision` in `[model]`.
public enum PrecisionSetting: String, CaseIterable, Sendable {
    /// 8 bits where the processor has instructions for them, otherwise full.
    case auto
    /// The weights of the file, multiplied in single precision.
    case full
    /// Weights and inputs rounded to 8 bits, on every processor.
    case int8
}
