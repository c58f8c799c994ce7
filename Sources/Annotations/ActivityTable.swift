// The activities of one stream over time, as arrays.

import Events

/// A vector of activities for each time.
public struct ActivityTable: Equatable, Sendable {
    /// The classes, in the order of the model.
    public let classes: [String]
    /// The hash of the model; empty where it is unknown.
    public let model: String
    /// Seconds; a vector is the result of the audio before its time.
    public private(set) var times: [Double] = []
    /// 0 to 1, `[times][classes]`.
    public private(set) var levels: [Float] = []

    /// Creates an empty table.
    public init(classes: [String], model: String) {
        self.classes = classes
        self.model = model
    }

    /// Appends a vector. Classes missing from it are 0; unknown classes are ignored.
    public mutating func append(_ activity: Activity, at seconds: Double) {
        times.append(seconds)
        if activity.instruments == classes, activity.levels.count == classes.count {
            levels += activity.levels
            return
        }
        let known = Dictionary(zip(activity.instruments, activity.levels)) { first, _ in first }
        levels += classes.map { known[$0] ?? 0 }
    }
}

extension ActivityTable {
    /// Creates the activities of a stream of a saved log, with the decimals of its lines; empty where the log has
    /// none.
    public init(_ log: EventLog, stream: String) {
        self.init(classes: log.hello?.instruments.map(\.name) ?? [], model: log.hello?.model?.sha256 ?? "")
        for entry in log.entries where entry.stream == stream {
            if case .activity(let activity) = entry.body { append(activity, at: entry.seconds) }
        }
    }
}
