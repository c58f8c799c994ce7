// One colour for each family of instruments, on light and on dark ground.

/// The families in score order, with the colours of their rows.
public struct FamilyColour: Equatable, Sendable {
    /// The family's name.
    public let family: String
    /// On white, as CSS writes it; contrast to white 3:1 or more.
    public let light: String
    /// On near black.
    public let dark: String

    /// All families, in the order in which a score has them.
    public static let all = [
        FamilyColour(family: "voice", light: "#b83a74", dark: "#f08bb4"),
        FamilyColour(family: "woodwind", light: "#2c8a4b", dark: "#7fd08f"),
        FamilyColour(family: "brass", light: "#a9790a", dark: "#e8c04f"),
        FamilyColour(family: "strings", light: "#c8552a", dark: "#f49a6c"),
        FamilyColour(family: "plucked", light: "#86643f", dark: "#cfae8a"),
        FamilyColour(family: "keyboard", light: "#2b6cbb", dark: "#7fb2f0"),
        FamilyColour(family: "percussion", light: "#7a4bb0", dark: "#c39bea"),
        FamilyColour(family: "electronic", light: "#1a868d", dark: "#6fd0d4"),
    ]
    /// An unknown family.
    public static let unknown = FamilyColour(family: "other", light: "#666666", dark: "#bbbbbb")

    /// The colour of a family.
    public static func of(_ family: String) -> FamilyColour { all.first { $0.family == family } ?? unknown }

    /// Where it stands in a score; unknown families last.
    public static func rank(of family: String) -> Int { all.firstIndex { $0.family == family } ?? all.count }

    /// The name as a CSS class.
    public var cssClass: String { "f-\(family)" }
}
