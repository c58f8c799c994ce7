// Parses untrusted JSON: strict, with limited depth, and with exact error positions.

/// A parser of one JSON text (RFC 8259). It rejects input for which the RFC permits different behaviour: repeated
/// names, invalid UTF-8, U+0000 in any form, lone surrogates, numbers that do not fit a `Double`, and nesting deeper
/// than the limit.
public struct JSONParser {
    /// Default limit of the nesting of lists and objects.
    public static let usualDepth = 16

    private let bytes: ArraySlice<UInt8>
    private let acceptsNonFinite: Bool
    private var position: Int
    private let maximumDepth: Int

    private init(_ bytes: ArraySlice<UInt8>, _ maximumDepth: Int, acceptsNonFinite: Bool) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.acceptsNonFinite = acceptsNonFinite
        self.position = bytes.startIndex
    }

    /// Parses the single value in `bytes`; positions in errors count from the start of `bytes`.
    ///
    /// - Parameter acceptsNonFinite: whether `NaN`, `Infinity` and `-Infinity`, which Python's `json` writes, are
    ///   parsed as null.
    public static func parse(
        _ bytes: ArraySlice<UInt8>, depth: Int = usualDepth, acceptsNonFinite: Bool = false
    ) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes, depth, acceptsNonFinite: acceptsNonFinite)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.endIndex else { throw parser.error("unexpected text after the value") }
        return value
    }

    /// Parses the single value in `text`.
    public static func parse(_ text: String, depth: Int = usualDepth) throws(JSONError) -> JSONValue {
        try parse(ArraySlice(text.utf8), depth: depth)
    }

    private func error(_ problem: String) -> JSONError {
        .syntax(byte: position - bytes.startIndex, problem: problem)
    }

    private var next: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: expected) else { throw error("expected \(word)") }
        position += expected.count
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        skipSpace()
        guard let byte = next else { throw error("unexpected end of the text: expected a value") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "N") where acceptsNonFinite: return try word("NaN", .null)
        case UInt8(ascii: "I") where acceptsNonFinite: return try word("Infinity", .null)
        case UInt8(ascii: "-") where acceptsNonFinite && bytes[position...].dropFirst().first == UInt8(ascii: "I"):
            return try word("-Infinity", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw error("expected a value")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= maximumDepth else { throw error("nested deeper than \(maximumDepth)") }
        position += 1
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("expected a name in double quotes") }
            let name = try string()
            guard names.insert(name).inserted else { throw error("duplicate name \"\(name)\"") }
            skipSpace()
            guard take(":") else { throw error("expected ':' after the name") }
            members.append(.init(name, try value(depth: depth)))
            skipSpace()
        } while take(",")
        guard take("}") else { throw error("expected ',' or '}'") }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= maximumDepth else { throw error("nested deeper than \(maximumDepth)") }
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth))
            skipSpace()
        } while take(",")
        guard take("]") else { throw error("expected ',' or ']'") }
        return .array(elements)
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw error("expected a digit") }
    }

    private mutating func number() throws(JSONError) -> Double {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            throw error("the number is out of range")
        }
        return value
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        var text: [UInt8] = []
        let start = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw .syntax(byte: start - bytes.startIndex, problem: "the string is not valid UTF-8")
                }
                position += 1
                return string
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &text)
            case 0..<0x20:
                throw error("control characters must be written as \\u escapes")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw error("the string does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard let byte = next else { throw error("the string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code), take("\\") {
                guard take("u") else { throw error("expected the second half of a surrogate pair") }
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw error("the surrogate pair is invalid") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard code != 0, let scalar = Unicode.Scalar(code) else {
                throw error("\\u escapes may not name U+0000 or half a surrogate pair")
            }
            text.append(contentsOf: scalar.utf8)
        default:
            throw error("unknown escape")
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            code = code << 4 | UInt32(try hexadecimalDigit())
            position += 1
        }
        return code
    }

    private func hexadecimalDigit() throws(JSONError) -> UInt8 {
        switch next {
        case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): byte - UInt8(ascii: "0")
        case let byte? where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte): byte - UInt8(ascii: "a") + 10
        case let byte? where (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte): byte - UInt8(ascii: "A") + 10
        default: throw error("expected four hexadecimal digits")
        }
    }
}

/// The reason why a text is not the expected JSON.
public enum JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is not valid JSON for this parser; `byte` counts from 0.
    case syntax(byte: Int, problem: String)
    /// The text is JSON, but the value at `path` is not the expected one.
    case content(path: String, problem: String)

    /// The problem and its position, as the end of a sentence.
    public var description: String {
        switch self {
        case .syntax(let byte, let problem): "not valid JSON at byte \(byte): \(problem)"
        case .content(let path, let problem): path.isEmpty ? problem : "\(path): \(problem)"
        }
    }
}
