// Formats numbers and text for line-based formats.

import Events
import JSON

/// Text for formats without an escape.
enum PlainText {
    /// Returns a number with this number of decimals.
    static func fixed(_ value: Double, decimals: Int) -> String {
        var writer = JSONWriter()
        writer.fixed(value, decimals: decimals)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// Returns seconds with a resolution of one microsecond, as in events.
    static func seconds(_ value: Double) -> String { fixed(value, decimals: 6) }

    /// Returns `text` on one line: line ends, tabs and other control characters become a space, and several spaces
    /// become one.
    static func line(_ text: String) -> String {
        let words = text.unicodeScalars.split {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control
        }
        return words.map { String($0) }.joined(separator: " ")
    }

    /// Returns `text` as one word: separators become `_`, quotes become apostrophes; `fallback` where no character
    /// remains.
    static func word(_ text: String, fallback: String) -> String {
        let word = String(line(text).map { $0 == " " ? "_" : $0 == "\"" ? "'" : $0 })
        return word.isEmpty ? fallback : word
    }

    /// Returns a field of comma-separated values (RFC 4180), in quotes where necessary.
    static func field(_ text: String) -> String {
        let needsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        return needsQuotes
            ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            : text
    }
}
