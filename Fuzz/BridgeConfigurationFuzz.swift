// Fuzzes the configuration of a bridge and the sinks of its command line.

import Bridges

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    if let configuration = try? BridgeConfiguration(bytes: input, file: "fuzz") {
        guard let again = try? BridgeConfiguration(bytes: input, file: "fuzz"), again == configuration else {
            fatalError("read differently the second time")
        }
    }
    _ = try? SinkSettings(String(decoding: input, as: UTF8.self))
    return 0
}
