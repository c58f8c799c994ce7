// Fuzzes the reader of stored transcripts, and holds it to its word: what was read is written and read the same. The input is the
// description up to its first end of a line, and the file of activities behind it.

import Annotations

@testable import Evaluation

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    let end = input.firstIndex(of: 0x0A) ?? input.endIndex
    let (description, activities) = (Array(input[..<end]), Array(input[end...].dropFirst()))
    guard let read = Transcript(description: description, activities: activities, cacheKey: "x") else { return 0 }
    let again = Transcript(
        description: read.description(of: "a", cacheKey: "x"),
        activities: NumpyFile.encode(read.activities, shape: [read.frames, read.classes.count]), cacheKey: "x")
    guard again == read else { fatalError("the transcript reads differently") }
    return 0
}
