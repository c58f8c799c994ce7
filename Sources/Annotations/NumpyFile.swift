// Writes arrays in NumPy's format.

/// NumPy's format 1.0: a header padded to 64 bytes, then the elements, little-endian and row-major.
public enum NumpyFile {
    /// Returns an array of float32 with the given extent of every axis.
    public static func encode(_ values: [Float], shape: [Int]) -> [UInt8] {
        var bytes = head("<f4", shape)
        bytes.reserveCapacity(bytes.count + 4 * values.count)
        for value in values { append(value.bitPattern, to: &bytes) }
        return bytes
    }

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
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)] + Array(header.utf8)
    }
}
