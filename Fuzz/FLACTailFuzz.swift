// Fuzzes the search for the last whole frame of a FLAC file.

@testable import AudioFiles

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let file = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let info = FLACTail.StreamInfo(file), info.firstFrame <= file.count else { return 0 }
    guard let tail = FLACTail.find(in: file[info.firstFrame...], of: info) else { return 0 }
    guard tail.end <= file.count - info.firstFrame, tail.frames > 0 else { fatalError("outside of the file") }
    return 0
}
