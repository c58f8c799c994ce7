// One option of a sink: its name, its values and its meaning.

/// An option of a sink besides its address, written `name=value` on the command line and as a key in the
/// configuration.
public struct SinkOption: Sendable {
    /// The kind of its values.
    public enum Kind: Sendable {
        /// Any text without control characters.
        case text
        /// A number within the range.
        case number(ClosedRange<Double>)
        /// An integer within the range.
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
    /// The kind of its values.
    public let kind: Kind
    /// The default value; empty for none.
    public let usual: String
    /// Its meaning, one sentence without the full stop.
    public let help: String

    init(_ name: String, _ kind: Kind, _ usual: String = "", help: String) {
        self.name = name
        self.kind = kind
        self.usual = usual
        self.help = help
    }

    /// Returns what is wrong with a value, as the end of the sentence "NAME ..."; `nil` when it is valid.
    func objection(to value: String) -> String? {
        guard !value.isEmpty else { return "is empty: write a value" }
        guard value.utf8.count <= 4096, !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            return "has control characters or more than 4096 bytes"
        }
        switch kind {
        case .text: return nil
        case .names:
            return SinkOption.names(value).isEmpty ? "is empty: write names separated by +" : nil
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

    /// Returns the names of a list.
    static func names(_ value: String) -> [String] {
        value.split { $0 == "+" || $0 == "," || $0 == " " }.map(String.init)
    }
}
