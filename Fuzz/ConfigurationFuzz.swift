// Fuzzes the configuration reader, and holds a reload to its word: what it plans is what the next one finds done.

import Configuration

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let wanted = try? Settings(bytes: text, file: "fuzz") else { return 0 }
    let plan = ReloadPlan(running: Settings(), wanted: wanted)
    guard ReloadPlan(running: plan.settings, wanted: wanted).applied.isEmpty else { fatalError("applied twice") }
    return 0
}
