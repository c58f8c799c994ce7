// Writes WebVTT captions.

extension ExportFormat {
    /// Captions for video and audio on the web.
    public static let webVTT = ExportFormat(
        "webvtt", ending: ".vtt", carriesMarks: true, text: { set, _ in WebVTTWriter.text(set) })
}

/// WebVTT: one cue for each interval in which the same instruments sound, so that one caption names all instruments
/// and none is shown twice. A mark is a separate cue, in brackets, for three seconds or until the next mark.
public enum WebVTTWriter {
    /// Display time of a mark, in seconds.
    static let markDuration = 3.0

    /// Returns the file.
    public static func text(_ set: AnnotationSet) -> String {
        let cues = (sounding(set) + marks(set)).sorted { ($0.start, $0.end) < ($1.start, $1.end) }
        return cues.reduce(into: "WEBVTT\n") { text, cue in
            text += "\n\(time(cue.start)) --> \(time(cue.end))\n\(cue.text)\n"
        }
    }

    /// Times in milliseconds, as in the format.
    private struct Cue {
        let start: Int
        let end: Int
        let text: String
    }

    private static func sounding(_ set: AnnotationSet) -> [Cue] {
        var changes: [Int: (on: [String], off: [String])] = [:]
        for annotation in set.annotations {
            let (start, end) = (milliseconds(annotation.start), milliseconds(annotation.end))
            guard start < end else { continue }
            changes[start, default: ([], [])].on.append(annotation.instrument)
            changes[end, default: ([], [])].off.append(annotation.instrument)
        }
        var cues: [Cue] = []
        var counts: [String: Int] = [:]
        var last = 0
        for (time, change) in changes.sorted(by: { $0.key < $1.key }) {
            append(counts.keys.sorted(), from: last, to: time, &cues)
            for name in change.off {
                counts[name, default: 0] -= 1
                if counts[name] == 0 { counts[name] = nil }
            }
            for name in change.on { counts[name, default: 0] += 1 }
            last = time
        }
        return cues
    }

    /// Appends a cue, or extends the previous one where an instrument stopped and started in the same millisecond.
    private static func append(_ names: [String], from start: Int, to end: Int, _ cues: inout [Cue]) {
        guard !names.isEmpty, start < end else { return }
        let text = "♪ " + names.map { escaped($0) }.joined(separator: ", ")
        if let previous = cues.last, previous.end == start, previous.text == text {
            cues[cues.count - 1] = Cue(start: previous.start, end: end, text: text)
        } else {
            cues.append(Cue(start: start, end: end, text: text))
        }
    }

    private static func marks(_ set: AnnotationSet) -> [Cue] {
        set.marks.enumerated().compactMap { index, mark in
            let next = index + 1 < set.marks.count ? set.marks[index + 1].time : .infinity
            let start = milliseconds(mark.time)
            // Marks at the same time are both shown: only a later mark ends a mark.
            let end = next > mark.time ? min(next, mark.time + markDuration) : mark.time + markDuration
            return Cue(start: start, end: max(start + 1, milliseconds(end)), text: "[\(escaped(mark.text))]")
        }
    }

    /// Escapes text so that it contains no `-->`, no tag, and nothing that ends the cue.
    private static func escaped(_ text: String) -> String {
        PlainText.line(text).reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
    }

    private static func milliseconds(_ seconds: Double) -> Int {
        Int((min(max(0, seconds), 1e12) * 1000).rounded())
    }

    /// Hours have at least two digits.
    private static func time(_ milliseconds: Int) -> String {
        func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let seconds = milliseconds / 1000
        return "\(digits(seconds / 3600, 2)):\(digits(seconds / 60 % 60, 2)):\(digits(seconds % 60, 2))"
            + ".\(digits(milliseconds % 1000, 3))"
    }
}
