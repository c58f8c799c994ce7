// Parses one line of comma-separated values.

/// Splits lines of comma-separated values (RFC 4180, without line ends inside quotes).
public enum CSVFields {
    /// Returns the fields of a line without surrounding spaces; nil when its quotes do not match.
    public static func split(_ line: some StringProtocol) -> [String]? {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var wasQuoted = false
        var rest = Substring(line)
        while let character = rest.popFirst() {
            switch character {
            case "\"" where isQuoted && rest.first == "\"":
                field.append("\"")
                rest.removeFirst()
            case "\"" where isQuoted: isQuoted = false
            case "\"" where field.allSatisfy(\.isWhitespace) && !wasQuoted:
                field = ""
                isQuoted = true
                wasQuoted = true
            case "\"": return nil
            case "," where !isQuoted:
                fields.append(trimmed(field))
                field = ""
                wasQuoted = false
            case let other where wasQuoted && !isQuoted:
                guard other.isWhitespace else { return nil }
            default: field.append(character)
            }
        }
        guard !isQuoted else { return nil }
        return fields + [trimmed(field)]
    }

    /// Returns a field for use in a line: in quotes where necessary, line ends as spaces.
    public static func quoted(_ text: String) -> String { PlainText.field(PlainText.line(text)) }

    /// Returns `text` without surrounding white space.
    static func trimmed(_ text: String) -> String {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }
}
