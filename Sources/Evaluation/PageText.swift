// Text and numbers as HTML has them.

import Events

/// Text that may hold anything, safe in HTML text and attributes.
func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        default: result.append(character)
        }
    }
}

/// A number with a fixed number of decimals.
func rounded(_ value: Double, _ decimals: Int) -> String {
    var writer = JSONWriter()
    writer.fixed(value, decimals: decimals)
    return String(decoding: writer.bytes, as: UTF8.self)
}
