// Writes safetensors, for tests that read them.

import FoundationEssentials
import NeuralNetwork

/// The bytes of a file with these tensors, in order of name, and this metadata.
public func encodeSafetensors(_ tensors: [String: Tensor], metadata: [String: String] = [:]) throws -> [UInt8] {
    struct Entry: Encodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }
    var entries: [String: Entry] = [:]
    var data: [UInt8] = []
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
        let begin = data.count
        switch tensor.elements {
        case .half(let halves): halves.withUnsafeBytes { data += $0 }
        case .single(let floats): floats.withUnsafeBytes { data += $0 }
        }
        let type = if case .half = tensor.elements { "F16" } else { "F32" }
        entries[name] = Entry(dtype: type, shape: tensor.shape, data_offsets: [begin, data.count])
    }
    // Two objects made one: JSONEncoder has no dictionary of different values.
    var header = String(decoding: try JSONEncoder().encode(entries), as: UTF8.self)
    let free = String(decoding: try JSONEncoder().encode(metadata), as: UTF8.self)
    header = "{\"__metadata__\":\(free)" + (entries.isEmpty ? "" : ",") + header.dropFirst()
    return withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
}
