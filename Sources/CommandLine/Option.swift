// The declaration of one option or operand, used for parsing, help, completions and manual pages.

/// The kind of a value; it is checked while parsing and offered by completion.
public enum ValueKind: Equatable, Sendable {
    /// Any text, shown as `placeholder` in help.
    case text(_ placeholder: String)
    /// A path; completion offers files.
    case file
    /// A decimal number within `range`.
    case number(_ placeholder: String, _ range: ClosedRange<Double>)
    /// An integer within `range`.
    case integer(_ placeholder: String, _ range: ClosedRange<Int>)
    /// One of these words.
    case choice([String])
    /// Some of these words, separated by commas.
    case list(_ placeholder: String, [String])
    /// Words separated by commas; these are suggested, and others are permitted.
    case openList(_ placeholder: String, [String])

    /// The value's name in help.
    public var placeholder: String {
        switch self {
        case .text(let name), .number(let name, _), .integer(let name, _), .list(let name, _), .openList(let name, _):
            name
        case .file: "FILE"
        case .choice(let words): words.joined(separator: "|")
        }
    }

    /// Returns nil when `text` is such a value, otherwise a description of the expected value: "a number from 0 to 1".
    public func objection(to text: String) -> String? {
        switch self {
        case .text, .openList: text.isEmpty ? "a value" : nil
        case .file: text.isEmpty ? "a file name" : nil
        case .number(_, let range):
            Double(text).map(range.contains) ?? false
                ? nil : "a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))"
        case .integer(_, let range):
            Int(text).map(range.contains) ?? false
                ? nil : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let words): words.contains(text) ? nil : "one of " + words.joined(separator: ", ")
        case .list(_, let words):
            commaSeparated(text).allSatisfy(words.contains) ? nil : "one or more of " + words.joined(separator: ",")
        }
    }
}

/// A named option: `--name VALUE`, or a flag when it takes no value.
public struct Option: Sendable {
    /// The long name without its dashes.
    public let name: String
    /// The one-letter form, if any.
    public let short: Character?
    /// The kind of its value; nil for a flag.
    public let value: ValueKind?
    /// One sentence without the full stop.
    public let help: String

    /// Declares an option; without `value` it is a flag.
    public init(_ name: String, short: Character? = nil, _ value: ValueKind? = nil, help: String) {
        self.name = name
        self.short = short
        self.value = value
        self.help = help
    }

    static let help = Option("help", short: "h", help: "show this help and exit")
    static let version = Option("version", help: "show the version and exit")
}

/// A positional argument.
public struct Operand: Sendable {
    /// Its name in help, in capitals.
    public let name: String
    /// The kind of its value.
    public let value: ValueKind
    /// One sentence without the full stop.
    public let help: String
    /// Whether it may be omitted.
    public let isOptional: Bool
    /// Whether it may be given several times; only the last operand of a verb may.
    public let repeats: Bool

    /// Declares a positional argument.
    public init(
        _ name: String, _ value: ValueKind, help: String, isOptional: Bool = false, repeats: Bool = false
    ) {
        self.name = name
        self.value = value
        self.help = help
        self.isOptional = isOptional
        self.repeats = repeats
    }

    var synopsis: String {
        let shown = repeats ? name + "..." : name
        return isOptional ? "[\(shown)]" : shown
    }
}

func commaSeparated(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
}

private func plain(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? String(number)
}
