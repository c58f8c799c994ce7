// Fuzzes the reader of summaries, and holds it to its word: what was read is written and read the same.

import Annotations

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let read = RecordingSummary(json: input) else { return 0 }
    // Confidences are written with three decimals, so the first reading may have more.
    guard let written = RecordingSummary(json: read.json), RecordingSummary(json: written.json) == written else {
        fatalError("the summary reads differently")
    }
    return 0
}
