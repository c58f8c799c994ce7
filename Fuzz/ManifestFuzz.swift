// Fuzzes the reader of manifests. No file of the system is looked at: what the manifest names exists unless its name ends with a
// question mark, and every file is a table of labels.

import Annotations

@testable import Evaluation

private let labels = Array("clip,cello,violin\nsong,1,0\na,,1\n".utf8)
private let files = NamedFiles(find: { $0.utf8.last == 0x3F ? nil : $0 }, read: { _ in labels })
private let vocabulary = Vocabulary(["cello", "violin"])

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let set = try? EvaluationSet(manifest: input, path: "/sets/set.csv", vocabulary, files: files) else {
        return 0
    }
    for item in set.items where item.reference == nil && item.labels == nil { fatalError("\(item) says nothing") }
    return 0
}
