// The summary of one recording: the file that `timbre annotate` writes last and looks for.

import Events

/// The program, models and audio file of a result, and the segments of each instrument.
public struct RecordingSummary: Equatable, Sendable {
    /// The result for one instrument.
    public struct Instrument: Equatable, Sendable {
        /// Its class and its family.
        public var name: String, family: String
        /// Its segments, in order of time.
        public var segments: [Annotation]

        /// Total duration of all segments, in seconds.
        public var seconds: Double { segments.reduce(0) { $0 + $1.end - $1.start } }
    }

    /// The result of the clip model for the whole recording.
    public struct Tag: Equatable, Sendable {
        /// The class and its family.
        public var name: String, family: String
        /// Mean and highest probability over all windows.
        public var mean: Double, highest: Double
    }

    /// A model by name and hash.
    public typealias Model = Hello.Model

    /// Name of the recording: its path below the annotated folder.
    public var name: String
    /// Size and SHA-256 of the audio file.
    public var bytes: Int, sha256: String
    /// Seconds of audio.
    public var duration: Double
    /// Program and version.
    public var software: String
    /// The models of the events and of the tags.
    public var model: Model?, tagModel: Model?
    /// The precision of the events' model, as in `hello`; empty where it is not known.
    public var precision: String
    /// All inputs that determine the results, except the audio.
    public var cacheKey: String
    /// The instruments with segments, in the order of the model.
    public var instruments: [Instrument]
    /// In the order of the clip model; empty where there are no tags.
    public var tags: [Tag]

    /// The suffixes of the results that were written with this summary.
    public var results: [String]
    /// What the health of the stream says besides changes of its state, each with its time.
    public var notices: [String]

    /// Creates the summary of a log.
    public init(
        name: String, bytes: Int, sha256: String, duration: Double, cacheKey: String, results: [String], log: EventLog,
        stream: String
    ) {
        (self.name, self.bytes, self.sha256, self.duration) = (name, bytes, sha256, duration)
        (self.cacheKey, self.results) = (cacheKey, results)
        software = log.hello?.software ?? ""
        model = log.hello?.model
        tagModel = log.hello?.tagModel
        precision = log.hello?.precision ?? ""
        let segments = Dictionary(
            grouping: log.annotations(of: stream, until: duration).annotations, by: \.instrument)
        instruments = (log.hello?.instruments ?? []).compactMap { instrument in
            segments[instrument.name].map { Instrument(name: instrument.name, family: instrument.family, segments: $0) }
        }
        tags = Self.tags(log.tags[stream] ?? [])
        notices = log.notices
    }

    private static func tags(_ windows: [TagWindow]) -> [Tag] {
        var tags: [Tag] = []
        for window in windows {
            for tag in window.tags {
                let index = tags.firstIndex { $0.name == tag.instrument } ?? tags.count
                if index == tags.count {
                    tags.append(Tag(name: tag.instrument, family: tag.family, mean: 0, highest: 0))
                }
                tags[index].mean += tag.probability
                tags[index].highest = max(tags[index].highest, tag.probability)
            }
        }
        return tags.map { tag in
            var tag = tag
            tag.mean = (tag.mean / Double(windows.count) * 1e4).rounded() / 1e4
            return tag
        }
    }
}
