// Fuzzes the readers of references: the first byte chooses the format, the rest is the file.

import Annotations

private let context = ReadingContext(
    file: "input", vocabulary: Vocabulary(["cello", "drums", "violin"]), duration: 10, recording: "x")

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let first = input.first else { return 0 }
    let format = ReferenceFormat.allCases[Int(first) % ReferenceFormat.allCases.count]
    guard let read = try? format.read(Array(input.dropFirst()), context) else { return 0 }
    for one in read.set.annotations where !(one.start >= 0 && one.end >= one.start && one.end <= 10) {
        fatalError("\(one) lies outside the audio")
    }
    return 0
}
