// How a network multiplies.

import CVector

/// The precision of a network's convolutions. All other layers are single precision always.
public enum Precision: String, CaseIterable, Sendable {
    /// The weights of the file, and single precision.
    case full
    /// Weights and inputs rounded to 8 bits: there is less memory to read, and one instruction multiplies four bytes
    /// where another multiplies one float. A convolution has the same bits on every processor.
    case int8

    /// Whether this processor has instructions for products of bytes (AVX-512 VNNI). Without them `int8` takes several
    /// times as long as `full`.
    public static var int8IsFast: Bool { timbre_quantized_is_fast() }
}
