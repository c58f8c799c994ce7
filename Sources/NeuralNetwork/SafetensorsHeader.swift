// The JSON header of a safetensors file, not yet compared with the file.

import CVector
import JSON

/// The contents of the header.
struct SafetensorsHeader: Decodable {
    /// The strings under `__metadata__`.
    var metadata: [String: String] = [:]
    /// One entry per tensor.
    var entries: [String: Entry] = [:]

    /// The position and type of a tensor.
    struct Entry: Decodable {
        let type: String
        let shape: [Int]
        let begin: Int
        let end: Int

        private enum CodingKeys: String, CodingKey {
            case type = "dtype"
            case shape
            case offsets = "data_offsets"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            type = try values.decode(String.self, forKey: .type)
            shape = try values.decode([Int].self, forKey: .shape)
            let offsets = try values.decode([Int].self, forKey: .offsets)
            guard offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] <= FileBytes.limit else {
                throw DecodingError.dataCorruptedError(
                    forKey: .offsets, in: values, debugDescription: "\(offsets) is not a range of bytes")
            }
            (begin, end) = (offsets[0], offsets[1])
        }

        /// Number of bytes for type and shape; nil when either is unsupported.
        var size: Int? {
            let width: Int
            switch type {
            case "F32": width = 4
            case "F16", "BF16": width = 2
            default: return nil
            }
            guard shape.count <= Safetensors.mostAxes, shape.allSatisfy({ $0 >= 0 }) else { return nil }
            var size = width
            for extent in shape {
                let (product, overflow) = size.multipliedReportingOverflow(by: extent)
                if overflow { return nil }
                size = product
            }
            return size
        }

        /// Creates the tensor from its bytes, whose number must be `size`.
        func tensor(named name: String, from bytes: ArraySlice<UInt8>) -> Tensor {
            let elements: Tensor.Elements =
                switch type {
                case "F32": .single(scalars(bytes))
                case "F16": .half(scalars(bytes))
                default: .single(scalars(bytes).map { (upper: UInt16) in Float(bitPattern: UInt32(upper) << 16) })
                }
            return Tensor(name: name, shape: shape, elements: elements)
        }

        /// Copies bytes of any alignment into native numbers (little-endian, like the file).
        private func scalars<Scalar: BitwiseCopyable>(_ bytes: ArraySlice<UInt8>) -> [Scalar] {
            let count = bytes.count / MemoryLayout<Scalar>.size
            return [Scalar](unsafeUninitializedCapacity: count) { buffer, initialized in
                bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
                initialized = count
            }
        }
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: TextKey.self)
        for key in values.allKeys {
            if key.stringValue == "__metadata__" {
                metadata = try values.decode([String: String].self, forKey: key)
            } else {
                entries[key.stringValue] = try values.decode(Entry.self, forKey: key)
            }
        }
    }
}
