// Fuzzes the reader of manifests; the files that it names are looked for below a folder that is not there.

import Annotations

@testable import Evaluation

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    _ = try? EvaluationSet(manifest: input, path: "/nowhere/set.csv", Vocabulary(["cello", "violin"]))
    return 0
}
