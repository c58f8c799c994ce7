// Fuzzes the decoder of event lines, and holds it to its word: what was read is written and read again the same.

import Events

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let line = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let read = try? NumberedEvent(line: line[...]) else { return 0 }
    var encoder = EventEncoder()
    let written = encoder.line(read.event, sequence: read.sequence)
    guard let again = try? NumberedEvent(line: written[...]) else { fatalError("the written line is refused") }
    guard encoder.line(again.event, sequence: again.sequence) == written else { fatalError("it reads differently") }
    return 0
}
