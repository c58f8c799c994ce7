// The class names that a reader accepts, and what it says to others.

import Spelling

/// The instrument classes that a reference may name.
public struct Vocabulary: Equatable, Sendable {
    /// The names, as events have them.
    public let names: [String]

    /// A vocabulary of these names, in lower case with `_` between words.
    public init(_ names: [String]) {
        self.names = names
    }

    /// The class that `text` names; case, spaces around it, and `-` or a space instead of `_`, do
    /// not matter.
    public func name(for text: some StringProtocol) -> String? {
        let trimmed = CSVFields.trimmed(String(text))
        let plain = String(trimmed.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
        return names.first { $0 == plain }
    }

    /// What is wrong with a name that is not here, and which was probably meant.
    public func objection(to text: some StringProtocol) -> String {
        "unknown class \"\(text)\": \(NearestName.remedy(for: String(text).lowercased(), among: names))"
    }
}
