// Fuzzes the names of sources and channels, and holds them to their word: what was read is written and read the same.

import AudioCore
import AudioInput

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    if let source = try? SourceSpecification(text) {
        guard let again = try? SourceSpecification(source.description), again == source else {
            fatalError("\(source) reads differently")
        }
    }
    if let channels = ChannelSelection(text) {
        guard let again = ChannelSelection(channels.description), again == channels else {
            fatalError("\(channels) reads differently")
        }
    }
    return 0
}
