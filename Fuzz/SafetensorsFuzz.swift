// Fuzzes the safetensors reader: the input is the file.

import NeuralNetwork

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let file = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let content = try? Safetensors(file, file: "input") else { return 0 }
    for tensor in content.tensors.values { _ = tensor.isFinite }
    return 0
}
