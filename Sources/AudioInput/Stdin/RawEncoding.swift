// Encodings of headerless samples: their names and their conversion to floats.

/// The encoding of a sample in raw PCM. The names are ffmpeg's; a number is the width in bits, le/be the byte order.
public enum RawEncoding: String, CaseIterable, Sendable {
    /// Unsigned 8-bit.
    case u8
    /// Signed 16-bit, little endian.
    case s16le
    /// Signed 16-bit, big endian.
    case s16be
    /// Signed 24-bit in three bytes, little endian.
    case s24le
    /// Signed 24-bit in three bytes, big endian.
    case s24be
    /// Signed 24-bit in the lower three bytes of four, little endian: ALSA's S24_LE.
    case s24in32le
    /// Signed 32-bit, little endian.
    case s32le
    /// Signed 32-bit, big endian.
    case s32be
    /// IEEE 754 single precision, little endian.
    case f32le
    /// IEEE 754 single precision, big endian.
    case f32be
    /// IEEE 754 double precision, little endian.
    case f64le

    /// Bytes of one sample.
    public var width: Int {
        switch self {
        case .u8: 1
        case .s16le, .s16be: 2
        case .s24le, .s24be: 3
        case .s24in32le, .s32le, .s32be, .f32le, .f32be: 4
        case .f64le: 8
        }
    }

    /// Converts `count` samples to floats; integers become fractions of full scale.
    ///
    /// - Parameters:
    ///   - bytes: `count * width` bytes, of any alignment.
    ///   - destination: room for `count` floats.
    public func decode(_ bytes: UnsafeRawPointer, count: Int, into destination: UnsafeMutablePointer<Float>) {
        for index in 0..<count {
            let sample = bytes + index * width
            destination[index] =
                switch self {
                case .u8: (Float(sample.load(as: UInt8.self)) - 128) / 128
                case .s16le: Float(Int16(littleEndian: sample.loadUnaligned(as: Int16.self))) / 32_768
                case .s16be: Float(Int16(bigEndian: sample.loadUnaligned(as: Int16.self))) / 32_768
                case .s24le, .s24in32le: Self.packed(sample, low: 0, high: 2)
                case .s24be: Self.packed(sample, low: 2, high: 0)
                case .s32le: Float(Int32(littleEndian: sample.loadUnaligned(as: Int32.self))) / 2_147_483_648
                case .s32be: Float(Int32(bigEndian: sample.loadUnaligned(as: Int32.self))) / 2_147_483_648
                case .f32le: Float(bitPattern: UInt32(littleEndian: sample.loadUnaligned(as: UInt32.self)))
                case .f32be: Float(bitPattern: UInt32(bigEndian: sample.loadUnaligned(as: UInt32.self)))
                case .f64le: Float(Double(bitPattern: UInt64(littleEndian: sample.loadUnaligned(as: UInt64.self))))
                }
        }
    }

    /// Places the three bytes in the upper part of a 32-bit integer, so that the sign is correct.
    private static func packed(_ sample: UnsafeRawPointer, low: Int, high: Int) -> Float {
        let bits =
            UInt32(sample.load(fromByteOffset: low, as: UInt8.self)) << 8
            | UInt32(sample.load(fromByteOffset: 1, as: UInt8.self)) << 16
            | UInt32(sample.load(fromByteOffset: high, as: UInt8.self)) << 24
        return Float(Int32(bitPattern: bits)) / 2_147_483_648
    }
}
