// The formats of `timbre annotate` and `timbre export`: annotations, activities, and events.

import Annotations

/// A format of results.
enum ResultFormat: Equatable, Sendable {
    /// The segments of each instrument.
    case annotations(ExportFormat)
    /// The activity of every class at every hop.
    case activities(ActivityFormat)
    /// The lines that `timbre replay` prints.
    case events

    /// All formats, by their names on the command line.
    static let all: [(name: String, format: ResultFormat)] =
        ExportFormat.all.map { ($0.name, .annotations($0)) }
        + ActivityFormat.allCases.map { ($0.rawValue, .activities($0)) } + [("jsonl", .events)]

    /// Returns a format by name.
    init?(_ name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known.format
    }

    /// The file name extension.
    var ending: String {
        switch self {
        case .annotations(let format): format.ending
        case .activities(.npz): ".npz"
        case .activities(.csv): ".activities.csv"
        case .events: ".jsonl"
        }
    }

    /// Whether the format is text, which a terminal can display.
    var isText: Bool {
        switch self {
        case .annotations(let format): format.isText
        case .activities(let format): format == .csv
        case .events: true
        }
    }
}
