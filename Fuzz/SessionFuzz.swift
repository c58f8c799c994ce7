// Fuzzes the readers of session.json and events.jsonl, and holds the first to its word: what was read is written and read again
// the same.

import Recording

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let file = Array(UnsafeBufferPointer(start: bytes, count: count))
    let events = try? SessionEvents(bytes: file, path: "events.jsonl")
    guard let manifest = try? SessionManifest(json: file, path: "session.json") else { return 0 }
    guard (try? SessionManifest(json: manifest.json, path: "session.json")) == manifest else {
        fatalError("it reads differently")
    }
    for line in events?.lines ?? [] { _ = manifest.seconds(of: line.event) }
    for anchor in manifest.anchors { _ = manifest.audioFrame(of: anchor.frame &+ 1, stream: anchor.stream) }
    return 0
}
