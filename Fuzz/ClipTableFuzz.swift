// Fuzzes the reader of tables of labels.

import Annotations

private let context = ReadingContext(file: "input", vocabulary: Vocabulary(["cello", "drums", "violin"]))

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let table = try? ClipTableReader.read(input, context) else { return 0 }
    for row in table.rows where table.row(of: row.recording) == nil { fatalError("\(row) cannot be found") }
    return 0
}
