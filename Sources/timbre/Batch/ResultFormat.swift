// The formats of `timbre annotate` and `timbre export`: what sounds when, activities, and the events themselves.

import Annotations

/// A form in which what was heard can be kept.
enum ResultFormat: Equatable, Sendable {
    /// What sounds when.
    case annotations(ExportFormat)
    /// The activity of every class at every hop.
    case activities(ActivityFormat)
    /// The lines that `timbre replay` prints.
    case events

    /// All of them, as a person names them.
    static let all: [(name: String, format: ResultFormat)] =
        ExportFormat.all.map { ($0.name, .annotations($0)) }
        + ActivityFormat.allCases.map { ($0.rawValue, .activities($0)) } + [("jsonl", .events)]

    /// A format by name.
    init?(_ name: String) {
        guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
        self = known.format
    }

    /// What the name of such a file ends in.
    var ending: String {
        switch self {
        case .annotations(let format): format.ending
        case .activities(.npz): ".npz"
        case .activities(.csv): ".activities.csv"
        case .events: ".jsonl"
        }
    }

    /// Whether it is text, which a terminal can show.
    var isText: Bool {
        switch self {
        case .annotations(let format): format.isText
        case .activities(let format): format == .csv
        case .events: true
        }
    }
}
