// Fuzzes the safetensors reader behind its first hurdle: the input is the JSON of the header, whose length is always right, and
// what it says of tensors is forged against 64 bytes of data.

import NeuralNetwork

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let header = Array(UnsafeBufferPointer(start: bytes, count: count))
    let length = (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    let data = (0..<64).map { UInt8($0) }
    guard let content = try? Safetensors(length + header + data, file: "input") else { return 0 }
    for tensor in content.tensors.values {
        let size = tensor.shape.reduce(1, *)
        guard size <= 64 else { fatalError("\(tensor.name) has \(size) numbers of 64 bytes") }
        _ = tensor.isFinite
    }
    return 0
}
