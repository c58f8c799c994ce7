// Fuzzes the file that says which note stands for which instrument.

@testable import Bridges

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var map = MIDIMap(channel: 0)
    try? map.read(Array(UnsafeBufferPointer(start: bytes, count: count)), file: "fuzz")
    return 0
}
