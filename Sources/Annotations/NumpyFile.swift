// Writes arrays in NumPy's format, and reads its own.

/// NumPy's format 1.0: a header padded to 64 bytes, then the elements, little-endian and row-major.
public enum NumpyFile {
    /// Returns an array of float32 with the given extent of every axis.
    public static func encode(_ values: [Float], shape: [Int]) -> [UInt8] {
        var bytes = head("<f4", shape)
        bytes.reserveCapacity(bytes.count + 4 * values.count)
        for value in values { append(value.bitPattern, to: &bytes) }
        return bytes
    }

    /// Returns the elements of an array of float32 that `encode` wrote; nil where the bytes are anything else.
    public static func decode(_ bytes: [UInt8]) -> [Float]? {
        guard bytes.count > 10, bytes.starts(with: magic) else { return nil }
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        guard start <= bytes.count, (bytes.count - start).isMultiple(of: 4),
            String(decoding: bytes[10..<start], as: UTF8.self).hasPrefix("{'descr': '<f4', 'fortran_order': False,")
        else { return nil }
        return bytes[start...].withUnsafeBytes { raw in
            (0..<raw.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
    }

    private static let magic = [0x93] + Array("NUMPY".utf8) + [1, 0]

    /// Returns a vector of float64.
    static func encode(_ values: [Double]) -> [UInt8] {
        var bytes = head("<f8", [values.count])
        bytes.reserveCapacity(bytes.count + 8 * values.count)
        for value in values { append(value.bitPattern, to: &bytes) }
        return bytes
    }

    /// Returns a vector of texts, each with as many code points as the longest; or a single text without axes.
    static func encode(_ texts: [String], isScalar: Bool = false) -> [UInt8] {
        let scalars = texts.map { Array($0.unicodeScalars) }
        let width = max(1, scalars.map(\.count).max() ?? 0)
        var bytes = head("<U\(width)", isScalar ? [] : [texts.count])
        for text in scalars {
            for index in 0..<width { append(index < text.count ? text[index].value : 0, to: &bytes) }
        }
        return bytes
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    private static func head(_ type: String, _ shape: [Int]) -> [UInt8] {
        let axes = shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ", ") + ")"
        var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(axes), }"
        header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
        let count = header.utf8.count
        return magic + [UInt8(count & 0xFF), UInt8(count >> 8)] + Array(header.utf8)
    }
}
