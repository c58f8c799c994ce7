// Text functions that several views use.

/// A number of things: "1 recording", "2 recordings".
func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

/// Formats `value` with a fixed number of decimals, without Foundation's formatter.
func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return value.isNaN ? "?" : value < 0 ? "-∞" : "∞" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    // A value that is too large for all decimals is shown with fewer; it has no more significant digits.
    guard abs(value) * Double(scale) < 0x1p62 else { return fixed(value, decimals: decimals - 1) }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(scaled)" }
    let fraction = String(scaled % scale)
    return "\(sign)\(scaled / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
}

/// Formats seconds of a stream as a clock: "1:02" or "1:02:03".
func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9))
    let tail = padded("\(whole % 60)", 2, with: "0")
    guard whole >= 3600 else { return "\(whole / 60):\(tail)" }
    return "\(whole / 3600):\(padded("\(whole / 60 % 60)", 2, with: "0")):\(tail)"
}

/// Returns `text` right-aligned in `width`.
func padded(_ text: String, _ width: Int, with filler: String = " ") -> String {
    String(repeating: filler, count: max(0, width - text.count)) + text
}

/// Returns `text` left-aligned in `width`, truncated when it is longer.
func fitted(_ text: String, _ width: Int) -> String {
    guard text.count > width else { return text + String(repeating: " ", count: width - text.count) }
    return width < 2 ? String(text.prefix(max(0, width))) : text.prefix(width - 1) + "…"
}

/// Returns a bar of `width` cells filled to `fraction`, in eighths of a cell.
func bar(_ fraction: Double, width: Int, empty: String = " ") -> String {
    let eighths = Int((min(max(fraction.isNaN ? 0 : fraction, 0), 1) * Double(width * 8)).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let part = parts[eighths % 8]
    let used = eighths / 8 + (part.isEmpty ? 0 : 1)
    return String(repeating: "█", count: eighths / 8) + part + String(repeating: empty, count: width - used)
}
