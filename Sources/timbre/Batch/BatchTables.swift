// The tables of a batch: the instruments of each recording, and the failures.

import Annotations
import Evaluation

/// Comma-separated values, in the order of the recordings.
enum BatchTables {
    /// A row for each recording: seconds of audio, number of segments, and seconds of every class.
    static func recordings(_ summaries: [RecordingSummary], classes: [String]) -> [UInt8] {
        var text = "recording,duration_s,segments" + classes.map { ",\($0)" }.joined() + "\n"
        for summary in summaries {
            let segments = summary.instruments.reduce(0) { $0 + $1.segments.count }
            text += "\(CSVFields.quoted(summary.name)),\(fixed(summary.duration, decimals: 3)),\(segments)"
            let seconds = Dictionary(uniqueKeysWithValues: summary.instruments.map { ($0.name, $0.seconds) })
            for name in classes { text += "," + (seconds[name].map { fixed($0, decimals: 3) } ?? "0") }
            text += "\n"
        }
        return Array(text.utf8)
    }

    /// A row for each recording that could not be processed.
    static func failed(_ leftOut: [LeftOut]) -> [UInt8] {
        Array(
            leftOut.reduce(into: "recording,problem\n") { text, one in
                text += "\(CSVFields.quoted(one.recording)),\(CSVFields.quoted(one.problem))\n"
            }.utf8)
    }
}
