// Parses one line of a configuration file.

/// The content of a line: a table header, a key with its value, or nothing.
package enum ConfigurationLine: Equatable {
    /// Empty or a comment.
    case blank
    /// `[name]`, or `[[name]]` for a table that may occur several times.
    case table(name: String, repeated: Bool)
    /// `key = value`; the value without quotes and comment.
    case entry(key: String, value: String)

    /// Parses a line; the error is a message for the user.
    ///
    /// A comment begins with `#` at the start or after a space. A value is written without quotes or in double quotes,
    /// in which `\"` and `\\` are the only escapes.
    package init(_ text: Substring) throws(Problem) {
        let line = text.trimmed
        guard let first = line.first, first != "#" else {
            self = .blank
            return
        }
        if first == "[" {
            self = try Self.header(Self.withoutComment(line))
            return
        }
        guard let equals = line.firstIndex(of: "=") else {
            throw Problem("expected \"key = value\", a [table] or a # comment")
        }
        let key = line[..<equals].trimmed
        guard Self.isName(key, extra: "") else {
            throw Problem("\"\(key)\" is not a valid key: write lower-case letters, digits and _ before the =")
        }
        self = .entry(key: String(key), value: try Self.value(line[line.index(after: equals)...].trimmed, of: key))
    }

    /// Parses the bytes of a line without its line feed; a carriage return at the end is ignored.
    package init(_ bytes: ArraySlice<UInt8>) throws(Problem) {
        let bytes = bytes.last == 0x0D ? bytes.dropLast() : bytes
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw Problem("the line is not UTF-8 text: save the file as UTF-8")
        }
        try self.init(text[...])
    }

    /// A message about a line; the reader adds file and number.
    package struct Problem: Error {
        package let sentence: String
        init(_ sentence: String) { self.sentence = sentence }
    }

    private static func header(_ line: Substring) throws(Problem) -> ConfigurationLine {
        let repeated = line.hasPrefix("[[")
        let brackets = repeated ? 2 : 1
        let name = line.dropFirst(brackets).dropLast(brackets).trimmed
        guard line.hasSuffix(repeated ? "]]" : "]"), isName(name, extra: ".") else {
            throw Problem("invalid table header: write [name], or [[stream]] for a stream")
        }
        return .table(name: String(name), repeated: repeated)
    }

    private static func value(_ text: Substring, of key: Substring) throws(Problem) -> String {
        guard text.first == "\"" else {
            let bare = withoutComment(text)
            guard !bare.isEmpty else { throw Problem("\(key) has no value: write one after the =") }
            return String(bare)
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            switch character {
            case "\"":
                guard withoutComment(rest.trimmed).isEmpty else {
                    throw Problem("unexpected text after the closing quote of \(key): only a # comment may follow")
                }
                return value
            case "\\":
                guard let escaped = rest.popFirst(), escaped == "\"" || escaped == "\\" else {
                    throw Problem("a \\ in the quotes of \(key) must precede \" or another \\")
                }
                value.append(escaped)
            default: value.append(character)
            }
        }
        throw Problem("the quotes of \(key) are not closed: end the value with \"")
    }

    private static func withoutComment(_ text: Substring) -> Substring {
        var previous: Character = " "
        for index in text.indices {
            if text[index] == "#", previous == " " || previous == "\t" { return text[..<index].trimmed }
            previous = text[index]
        }
        return text
    }

    private static func isName(_ text: Substring, extra: String) -> Bool {
        !text.isEmpty
            && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_" || extra.contains($0)) }
    }
}

extension Substring {
    /// The text without spaces and tabs at both ends.
    fileprivate var trimmed: Substring {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
