// Writes tables of activities.

/// Comma-separated values: seconds with 6 decimals, then the activity of every class in the shortest form that parses
/// to the same float32.
enum ActivityCSVWriter {
    static func encode(_ table: ActivityTable) -> [UInt8] {
        var bytes = Array(("time" + table.classes.map { "," + PlainText.field($0) }.joined() + "\n").utf8)
        for (row, time) in table.times.enumerated() {
            bytes += PlainText.seconds(time).utf8
            for level in table.levels[row * table.classes.count..<(row + 1) * table.classes.count] {
                bytes.append(UInt8(ascii: ","))
                bytes += level == 0 ? "0".utf8 : "\(level)".utf8
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}
