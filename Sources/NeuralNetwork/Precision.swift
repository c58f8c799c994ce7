// How a network multiplies.

import CVector

/// The precision of a network's convolutions. All other layers are single precision always.
public enum Precision: String, CaseIterable, Sendable {
    /// The weights of the file and single precision: the results of every processor with fused multiply-adds are the
    /// same.
    case full
    /// Weights and inputs rounded to 8 bits: less memory to read, and instructions that multiply four numbers for each
    /// of another's one. The results of all processors are the same, and differ a little from those of `full`.
    case int8

    /// Whether this processor has instructions for 8-bit products (AVX-512 VNNI). Without them `int8` is slow.
    public static var int8IsFast: Bool { timbre_quantized_is_fast() }
}
