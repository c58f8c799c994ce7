// Fuzzes the reader of RTTM files, all of its input being the file.

import Annotations

private let context = ReadingContext(
    file: "input", vocabulary: Vocabulary(["cello", "drums", "violin"]), duration: 10, recording: "my song")

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let read = try? RTTMReader.read(input, context) else { return 0 }
    for one in read.set.annotations where !(one.start >= 0 && one.end >= one.start && one.end <= 10) {
        fatalError("\(one) lies outside the audio")
    }
    return 0
}
