// Numbers and free text in the form that line-based formats can hold.

import Events
import JSON

/// Text for formats without an escape of their own.
enum PlainText {
    /// A number with so many decimals.
    static func fixed(_ value: Double, decimals: Int) -> String {
        var writer = JSONWriter()
        writer.fixed(value, decimals: decimals)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Seconds to the microsecond, as events have them.
    static func seconds(_ value: Double) -> String { fixed(value, decimals: 6) }

    /// `text` on one line: line ends, tabs and other control characters become a space, and runs of spaces one.
    static func line(_ text: String) -> String {
        let words = text.unicodeScalars.split {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control
        }
        return words.map { String($0) }.joined(separator: " ")
    }

    /// `text` as one word: what separates words becomes `_`, quotes become apostrophes; `fallback` where nothing is left.
    static func word(_ text: String, fallback: String) -> String {
        let word = String(line(text).map { $0 == " " ? "_" : $0 == "\"" ? "'" : $0 })
        return word.isEmpty ? fallback : word
    }

    /// A field of comma-separated values (RFC 4180), in quotes where it needs them.
    static func field(_ text: String) -> String {
        let needsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        return needsQuotes
            ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            : text
    }
}
