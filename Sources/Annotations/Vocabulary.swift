// The class names that a reader accepts, and the messages for other names.

import Spelling

/// The permitted instrument classes of a reference.
public struct Vocabulary: Equatable, Sendable {
    /// The names, as in events.
    public let names: [String]

    /// Creates a vocabulary of these names, in lower case with `_` between words.
    public init(_ names: [String]) {
        self.names = names
    }

    /// Returns the class of that name; nil when there is none. Case, surrounding spaces, and `-` or a space instead of
    /// `_` are ignored.
    public func name(for text: some StringProtocol) -> String? {
        let trimmed = CSVFields.trimmed(String(text))
        let plain = String(trimmed.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
        return names.first { $0 == plain }
    }

    /// Returns the message for an unknown name, with the most similar name.
    public func objection(to text: some StringProtocol) -> String {
        "unknown class \"\(text)\": \(NearestName.remedy(for: String(text).lowercased(), among: names))"
    }
}
