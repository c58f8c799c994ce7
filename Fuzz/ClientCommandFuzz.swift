// Fuzzes the commands that clients send.

import Events

@testable import EventServer

private let hello = Hello(
    software: "fuzz", stream: "main", source: "tone:440", rate: 44_100, hop: 512,
    instruments: [.init(name: "violin", family: "strings")], model: nil, latencyMilliseconds: 0, streams: ["main"])

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let line = Array(UnsafeBufferPointer(start: bytes, count: count))
    _ = try? Command(line: line[...], hello: hello)
    return 0
}
