// Converts `on` and `off` events to annotated segments.

import Events

/// Collects the segments and marks of every stream.
///
/// An instrument that is active in a snapshot began at the time in the snapshot. An instrument that is on when the
/// stream ends stops at that time. Where lines were lost, the next snapshot contains the active instruments, and an
/// `off` without an `on` determines the beginning by its duration.
public struct EventAnnotations: Sendable {
    private struct Key: Hashable {
        let stream: String
        let instrument: String
    }

    private var open: [Key: (start: Double, confidence: Double)] = [:]
    private var closed: [String: [Annotation]] = [:]
    private var marks: [String: [AnnotationSet.Mark]] = [:]

    /// Creates an empty collection.
    public init() {}

    /// Processes an event of a stream, at its time in seconds of the audio. A segment uses the estimated beginning and
    /// end of the sound, where the events contain them.
    ///
    /// - Parameter shift: the difference between times of the audio and those of the stream, in seconds.
    public mutating func apply(_ body: Event.Body, stream: String, at seconds: Double, shift: Double = 0) {
        switch body {
        case .on(let on):
            let key = Key(stream: stream, instrument: on.instrument)
            close(key, at: seconds, confidence: nil)
            open[key] = (on.onset.map { $0 + shift } ?? seconds, Double(on.confidence))
        case .off(let off):
            let key = Key(stream: stream, instrument: off.instrument)
            if open[key] == nil { open[key] = (seconds - max(0, off.duration), Double(off.confidence)) }
            close(key, at: off.offset.map { $0 + shift } ?? seconds, confidence: Double(off.confidence))
        case .mark(let text):
            marks[stream, default: []].append(.init(time: max(0, seconds), text: text))
        default: break
        }
    }

    /// Processes the active instruments at a moment; `since` is the time of each `on`, in seconds of the audio.
    public mutating func apply(_ snapshot: Snapshot, at seconds: Double, since: [Double]) {
        let active = Set(snapshot.active.map { Key(stream: $0.stream, instrument: $0.instrument) })
        for key in open.keys where !active.contains(key) { close(key, at: seconds, confidence: nil) }
        for (one, start) in zip(snapshot.active, since) {
            let key = Key(stream: one.stream, instrument: one.instrument)
            if open[key] == nil { open[key] = (start, Double(one.confidence)) }
        }
    }

    /// Returns the annotations of a stream whose audio ends at `end` seconds; their times are limited to the audio.
    public func annotations(of stream: String, until end: Double) -> AnnotationSet {
        var copy = self
        for key in open.keys where key.stream == stream { copy.close(key, at: end, confidence: nil) }
        let segments = (copy.closed[stream] ?? []).map { segment in
            var segment = segment
            segment.start = min(segment.start, end)
            segment.end = min(segment.end, end)
            return segment
        }
        return AnnotationSet(segments, marks: marks[stream] ?? [], duration: end)
    }

    private mutating func close(_ key: Key, at seconds: Double, confidence: Double?) {
        guard let begun = open.removeValue(forKey: key) else { return }
        let start = max(0, begun.start)
        closed[key.stream, default: []].append(
            Annotation(
                start: start, end: max(start, seconds), instrument: key.instrument,
                confidence: confidence ?? begun.confidence))
    }
}
