// Fuzzes the file of a clip model: the input is the description, the tensors are none.

import Models
import PublishedModels

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // As a JSON string inside the header, every byte of the description must be escaped.
    let digits = Array("0123456789abcdef".utf8)
    var header = Array("{\"__metadata__\":{\"format\":\"\(ModelFile.format)\",\"description\":\"".utf8)
    for byte in UnsafeBufferPointer(start: bytes, count: count) {
        header += [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    header += Array("\"}}".utf8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    _ = try? ClipModelFile(length + header, file: "input", among: .all)
    return 0
}
