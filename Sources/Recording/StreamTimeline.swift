// Maps the frames of events to the clock of the audio.

import AudioCore
import Events

/// The anchors of the streams of one source. A pure value.
struct StreamTimeline: Equatable {
    /// This frame of a stream is at this position of the audio, and the audio that follows has this rate.
    struct Anchor: Equatable {
        var frame: Int64
        var position: Int64
        var rate: Int
    }

    /// Frames per second of the streams: the model's rate.
    let streamRate: Int
    private(set) var anchors: [String: [Anchor]] = [:]

    init(streamRate: Int) {
        self.streamRate = streamRate
    }

    /// The streams that have an anchor, in order of their numbers.
    var streams: [String] { anchors.keys.sorted { ($0.count, $0) < ($1.count, $1) } }

    mutating func add(_ anchor: Anchor, stream: String) {
        anchors[stream, default: []].append(anchor)
    }

    /// Returns the position of an event at a frame, by the rule of `SessionManifest.audioFrame`.
    func position(of frame: Int64, stream: String) -> Int64? {
        guard let known = anchors[stream],
            let anchor = known.last(where: { $0.frame < frame }) ?? known.first
        else { return nil }
        let passed = Double(frame - anchor.frame) * Double(anchor.rate) / Double(streamRate)
        return anchor.position + Int64(saturating: passed.rounded())
    }

    /// Returns the anchors that apply from a position on: the last one before it, and all that follow up to `end`.
    func anchors(of stream: String, from position: Int64, to end: Int64) -> [Anchor] {
        let known = (anchors[stream] ?? []).filter { $0.position <= end }
        guard let first = known.lastIndex(where: { $0.position <= position }) else { return known }
        return Array(known[first...])
    }

    /// Discards the anchors that no event from this position on needs. An event at the frame of an anchor still needs
    /// the one before.
    mutating func forget(before position: Int64) {
        for (stream, known) in anchors {
            guard let last = known.lastIndex(where: { $0.position <= position }), last > 1 else { continue }
            anchors[stream] = Array(known[(last - 1)...])
        }
    }
}
