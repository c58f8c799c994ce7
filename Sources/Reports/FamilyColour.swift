// One colour for each instrument family, on light and on dark background.

/// The families in score order, with the colours of their rows.
public struct FamilyColour: Equatable, Sendable {
    /// The family's name.
    public let family: String
    /// Colour on white, in CSS notation; contrast to white 3:1 or more.
    public let light: String
    /// Colour on near black, in CSS notation.
    public let dark: String

    /// All families, in score order.
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
    /// The entry for an unknown family.
    public static let unknown = FamilyColour(family: "other", light: "#666666", dark: "#bbbbbb")

    /// The colour of a family.
    public static func of(_ family: String) -> FamilyColour { all.first { $0.family == family } ?? unknown }

    /// Returns the position of a family in score order; unknown families are last.
    public static func rank(of family: String) -> Int { all.firstIndex { $0.family == family } ?? all.count }

    /// The name as a CSS class.
    public var cssClass: String { "f-\(family)" }
}
