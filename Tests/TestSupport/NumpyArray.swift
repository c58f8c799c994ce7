// Reads the float32 arrays that NumPy wrote beside the golden weights.

import FoundationEssentials

/// An array from a `.npy` file (format 1.0, little-endian float32), row-major whatever its order in the file.
public struct NumpyArray {
    /// Extent of every axis.
    public let shape: [Int]
    /// The numbers, last axis fastest.
    public let values: [Float]

    /// Why a file is not such an array.
    public struct Malformed: Error {
        let path: String
    }

    /// Reads `path`.
    public init(contentsOf path: String) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        guard bytes.count > 10, bytes[6] == 1 else { throw Malformed(path: path) }
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        let header = String(decoding: bytes[10..<start], as: UTF8.self)
        guard header.contains("'<f4'"), let open = header.firstIndex(of: "("), let close = header.firstIndex(of: ")")
        else { throw Malformed(path: path) }
        shape = header[open..<close].split { !$0.isNumber }.compactMap { Int($0) }
        let stored = bytes[start...].withUnsafeBytes { raw in
            (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
        guard header.contains("'fortran_order': True") else {
            values = stored
            return
        }
        // The same numbers are a row-major array with its axes the other way round.
        values = NumpyArray(shape: shape.reversed(), values: stored).transposed(Array(shape.indices.reversed()))
    }

    private init(shape: [Int], values: [Float]) {
        self.shape = shape
        self.values = values
    }

    /// The array with its axes in another order.
    public func transposed(_ axes: [Int]) -> [Float] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        return values.indices.map { position in
            var rest = position
            var origin = 0
            for axis in axes.reversed() {
                origin += rest % shape[axis] * strides[axis]
                rest /= shape[axis]
            }
            return values[origin]
        }
    }
}
