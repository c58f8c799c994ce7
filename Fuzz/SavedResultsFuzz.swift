// Fuzzes the reader of saved results, and holds it to its word: what was read is written and read the same.

import Evaluation

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let read = try? SavedResults(input, file: "input") else { return 0 }
    guard let again = try? SavedResults(read.json, file: "input"),
        again.evaluation.recordings == read.evaluation.recordings
    else { fatalError("the results read differently") }
    return 0
}
