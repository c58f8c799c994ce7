// Fuzzes the file of a clip model: the input is the description, the tensors are none.

import Models
import PublishedModels

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // As a JSON string inside the header, every byte of the description must be printable or escaped.
    let text = UnsafeBufferPointer(start: bytes, count: count).map { byte -> String in
        let digits = String(byte, radix: 16)
        return "\\u00" + (byte < 16 ? "0" : "") + digits
    }.joined()
    let header = "{\"__metadata__\":{\"format\":\"\(ModelFile.format)\",\"description\":\"\(text)\"}}"
    let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    _ = try? ClipModelFile(length + Array(header.utf8), file: "input", among: .all)
    return 0
}
