// Formats numbers and times and escapes text for pages.

import Events
import JSON

/// Text of pages and pictures.
public enum PageText {
    /// Escapes text for use between tags and in quoted attributes of HTML and SVG. Control characters, which XML does
    /// not allow, become spaces.
    public static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case let other where other.properties.generalCategory == .control: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    /// Formats a number with this number of decimals.
    public static func number(_ value: Double, _ decimals: Int) -> String {
        var writer = JSONWriter()
        writer.fixed(value, decimals: decimals)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Formats seconds as a clock with tenths: "0:07.3".
    public static func clock(_ seconds: Double, tenths: Bool = true) -> String {
        let all = Int((min(max(seconds, 0), 1e9) * 10).rounded(tenths ? .toNearestOrAwayFromZero : .down))
        let (whole, tenth) = (all / 10, all % 10)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let tail = two(whole % 60) + (tenths ? ".\(tenth)" : "")
        return whole < 3600
            ? "\(whole / 60):\(tail)" : "\(whole / 3600):\(two(whole / 60 % 60)):\(tail)"
    }

    /// Formats a duration: "8.8 s", "3:20", "1:02:03".
    public static func length(_ seconds: Double) -> String {
        seconds < 59.95 ? "\(number(seconds, 1)) s" : clock(seconds.rounded(), tenths: false)
    }

    /// Formats a fraction: "14 %"; a fraction above 0 that rounds to 0 is "<1 %".
    public static func share(_ fraction: Double) -> String {
        fraction > 0 && fraction < 0.005 ? "<1 %" : "\(number(fraction * 100, 0)) %"
    }
}
