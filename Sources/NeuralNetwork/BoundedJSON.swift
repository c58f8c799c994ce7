// Decodes JSON from files that nobody vouches for: bounded depth, and errors that say where.

import FoundationEssentials

/// Why a JSON text could not be decoded, as the end of a sentence.
package struct JSONFailure: Error {
    /// What is wrong and, where known, at which key.
    package let reason: String
}

/// JSON whose nesting is checked before a recursive decoder sees it.
package enum BoundedJSON {
    /// Decodes a value from UTF-8 text that nests at most `depth` arrays and objects.
    package static func decode<Value: Decodable>(
        _ type: Value.Type, from text: some Sequence<UInt8>, depth limit: Int
    ) throws(JSONFailure) -> Value {
        guard depth(of: text) <= limit else {
            throw JSONFailure(reason: "the JSON nests more than \(limit) levels deep")
        }
        do {
            return try JSONDecoder().decode(type, from: Data(text))
        } catch let error as DecodingError {
            throw JSONFailure(reason: sentence(error))
        } catch {
            throw JSONFailure(reason: "the JSON cannot be decoded")
        }
    }

    /// The deepest nesting of brackets outside strings.
    private static func depth(of text: some Sequence<UInt8>) -> Int {
        var depth = 0
        var deepest = 0
        var inString = false
        var escaped = false
        for byte in text {
            switch byte {
            case _ where escaped: escaped = false
            case UInt8(ascii: "\\") where inString: escaped = true
            case UInt8(ascii: "\""): inString.toggle()
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += inString ? 0 : 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= inString ? 0 : 1
            default: break
            }
        }
        return deepest
    }

    private static func sentence(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            return "\(place(context.codingPath))the key '\(key.stringValue)' is missing"
        case .dataCorrupted(let context) where context.codingPath.isEmpty:
            // The decoder's parser does not say where, and takes a fraction for a whole number as bad syntax.
            return "the JSON is malformed, or a number in it has the wrong form"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            var words = context.debugDescription
            while words.hasSuffix(".") { words.removeLast() }
            return place(context.codingPath) + words
        @unknown default:
            return "the JSON cannot be decoded"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "" }
        var text = ""
        for key in path {
            text += key.intValue.map { "[\($0)]" } ?? (text.isEmpty ? "" : ".") + key.stringValue
        }
        return text + ": "
    }
}
