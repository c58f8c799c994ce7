// Fuzzes the reading of saved events and every format that they are written in.

import Annotations
import Events

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var log = EventLog()
    for line in UnsafeBufferPointer(start: bytes, count: count).split(separator: 0x0A) {
        try? log.take(ArraySlice(line))
    }
    for stream in log.streams {
        let set = log.annotations(of: stream)
        guard set.annotations.allSatisfy({ 0 <= $0.start && $0.start <= $0.end && $0.end <= log.end }) else {
            fatalError("a spell lies outside the audio")
        }
        for format in ExportFormat.all { _ = format.encode(set, about: .init(title: stream, software: "")) }
    }
    return 0
}
