// The order and colours of instrument families on a terminal.

import Models

/// The families in the views.
enum Family {
    /// In score order, each with its colour of the 256-colour palette.
    private static let palette = [
        ("voice", 218), ("woodwind", 114), ("brass", 221), ("strings", 209), ("plucked", 180), ("keyboard", 75),
        ("percussion", 176), ("electronic", 80),
    ]

    /// Returns the position of a family; unknown families are last.
    static func rank(of family: String?) -> Int {
        palette.firstIndex { $0.0 == family } ?? palette.count
    }

    /// Returns the colour of a family, as a number of the 256-colour palette.
    static func colour(of family: String?) -> Int {
        palette.first { $0.0 == family }?.1 ?? 252
    }
}

/// The families of all classes.
enum InstrumentFamilies {
    /// Names of families by names of classes.
    static let names = Dictionary(
        uniqueKeysWithValues: InstrumentClass.allCases.map { ($0.rawValue, $0.family.rawValue) })
}
