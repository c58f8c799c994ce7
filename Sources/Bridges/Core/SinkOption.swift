// One option of a sink: its name, what it takes and what it means.

/// An option that a sink takes beside its address, on the command line as `name=value` and in the configuration as a key.
public struct SinkOption: Sendable {
    /// What values it takes.
    public enum Kind: Sendable {
        /// Any text without control characters.
        case text
        /// A number within limits.
        case number(ClosedRange<Double>)
        /// A whole number within limits.
        case integer(ClosedRange<Int>)
        /// `true` or `false`.
        case flag
        /// One of these words.
        case choice([String])
        /// Names, separated by `+`, commas or spaces.
        case names
    }

    /// Its name.
    public let name: String
    /// What it takes.
    public let kind: Kind
    /// The value in force where none is given; empty for none.
    public let usual: String
    /// What it means, one sentence without the full stop.
    public let help: String

    init(_ name: String, _ kind: Kind, _ usual: String = "", help: String) {
        self.name = name
        self.kind = kind
        self.usual = usual
        self.help = help
    }

    /// What is wrong with a value, as the end of the sentence "NAME ..."; `nil` when it may stand.
    func objection(to value: String) -> String? {
        guard !value.isEmpty else { return "is empty: write a value" }
        guard value.utf8.count <= 4096, !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            return "has control characters or more than 4096 bytes"
        }
        switch kind {
        case .text: return nil
        case .names:
            return SinkOption.names(value).isEmpty ? "names nothing: write names separated by +" : nil
        case .flag: return Bool(value) == nil ? "is \"\(value)\": write true or false" : nil
        case .choice(let words):
            return words.contains(value) ? nil : "is \"\(value)\": write \(words.joined(separator: ", "))"
        case .integer(let range):
            guard let number = Int(value), range.contains(number) else {
                return "is \"\(value)\": write a whole number from \(range.lowerBound) to \(range.upperBound)"
            }
            return nil
        case .number(let range):
            guard let number = Double(value), range.contains(number) else {
                return "is \"\(value)\": write a number from \(range.lowerBound) to \(range.upperBound)"
            }
            return nil
        }
    }

    /// The names of a list.
    static func names(_ value: String) -> [String] {
        value.split { $0 == "+" || $0 == "," || $0 == " " }.map(String.init)
    }
}
