// The result of one audio file of a batch: its events, and optionally its activities.

import Annotations
import Evaluation
import Events

/// Collects the results of a replay.
struct HeardFile {
    /// The events, without activity.
    private(set) var log = EventLog(keepsActivity: false)
    /// The activities at every hop; nil where they are not requested.
    private(set) var activities: ActivityTable?
    /// The lines that `timbre replay` prints; empty where they are not requested.
    private(set) var lines: [UInt8] = []

    private let keepsLines: Bool
    private var encoder = EventEncoder()
    private var count: Int64 = 0

    /// - Parameters:
    ///   - hello: the first line of the replay.
    ///   - formats: the formats that determine what is stored.
    init(_ hello: Hello, for formats: [ResultFormat]) {
        keepsLines = formats.contains(.events)
        guard formats.contains(where: { if case .activities = $0 { true } else { false } }) else { return }
        activities = ActivityTable(classes: hello.instruments.map(\.name), model: hello.model?.sha256 ?? "")
    }

    /// Processes the next event after a conversion to its line and back, so that saved and fresh events cannot differ.
    mutating func take(_ event: Event) throws(EventsError) {
        if case .activity(let activity) = event.body {
            if let position = event.position { activities?.append(activity, at: position.time.seconds) }
            return
        }
        count += 1
        let line = encoder.line(event, sequence: count)
        if keepsLines { lines += line }
        try log.take(line[...])
    }
}

/// One processed recording with its reference.
struct HeardRecording: Sendable {
    let item: EvaluationSet.Item
    let sha256: String
    let heard: Transcript
    let reference: Reference
}
