// One audio file heard in a batch: its events, and its activities where they are wanted.

import Annotations
import Evaluation
import Events

/// Gathers what a replay says.
struct HeardFile {
    /// The events, without activity.
    private(set) var log = EventLog(keepsActivity: false)
    /// The activities at every hop; nil where they are not wanted.
    private(set) var activities: ActivityTable?
    /// The lines that `timbre replay` prints; empty where they are not wanted.
    private(set) var lines: [UInt8] = []

    private let keepsLines: Bool
    private var encoder = EventEncoder()
    private var count: Int64 = 0

    /// - Parameters:
    ///   - hello: the first line of the replay.
    ///   - formats: decide what is kept.
    init(_ hello: Hello, for formats: [ResultFormat]) {
        keepsLines = formats.contains(.events)
        guard formats.contains(where: { if case .activities = $0 { true } else { false } }) else { return }
        activities = ActivityTable(classes: hello.instruments.map(\.name), model: hello.model?.sha256 ?? "")
    }

    /// Takes the next event, through the line that it would be, so that saved and fresh events cannot differ.
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

/// One recording that was heard, with what is known of it.
struct HeardRecording: Sendable {
    let item: EvaluationSet.Item
    let sha256: String
    let heard: Transcript
    let reference: Reference
}
