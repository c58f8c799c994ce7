// Fuzzes the file of a clip model: the input is the description, the tensors are none.

import JSON
import Models
import PublishedModels

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // The description is a JSON string inside the header.
    var writer = JSONWriter()
    writer.value(
        .object([
            .init(
                "__metadata__",
                .object([
                    .init("format", .string(ModelFile.format)),
                    .init(
                        "description",
                        .string(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))),
                ]))
        ]))
    let header = writer.bytes
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    _ = try? ClipModelFile(length + header, file: "input", among: .all)
    return 0
}
