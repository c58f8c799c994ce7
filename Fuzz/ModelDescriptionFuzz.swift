// Fuzzes the model file: the input is the description, the tensors are none.

import Models

private let digits = Array("0123456789abcdef".utf8)

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // The description is a JSON string inside the header.
    var header = Array("{\"__metadata__\":{\"format\":\"\(ModelFile.format)\",\"description\":\"".utf8)
    for byte in UnsafeBufferPointer(start: bytes, count: count) {
        switch byte {
        case 0x22, 0x5C, ..<0x20, 0x7F...:
            header += [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: header.append(byte)
        }
    }
    header += Array("\"}}".utf8)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    _ = try? ModelFile(length + header, file: "input")
    return 0
}
