// One stream of a report: its instruments, levels, marks, gaps and tags.

import Annotations
import Events

/// The content of a report for one stream.
public struct StreamContent: Equatable, Sendable {
    /// A gap in the audio.
    public struct Gap: Equatable, Sendable {
        /// Its time in seconds.
        public var time: Double
        /// The reason, as in events.
        public var reason: String
        /// The approximate length of the gap, in seconds; 0 when it is unknown.
        public var lost: Double
    }

    /// Its name.
    public var name: String
    /// The instruments that came on, in score order and by their first entry within a family.
    public var rows: [InstrumentRow] = []
    /// The classes of the model that never came on.
    public var unheard: [String] = []
    /// Root mean square in dB relative to full scale.
    public var level = Curve([])
    /// The users' marks.
    public var marks: [AnnotationSet.Mark] = []
    /// The gaps in the audio.
    public var gaps: [Gap] = []
    /// The tags of the clip model.
    public var tags: [TagWindow] = []

    /// Creates the content of a stream without events.
    public init(name: String) { self.name = name }

    /// Creates the content of a stream whose audio ends at `end` seconds.
    public init(_ log: EventLog, stream: String, until end: Double) {
        name = stream
        let set = log.annotations(of: stream, until: end)
        marks = set.marks
        tags = log.tags[stream] ?? []
        var families: [String: String] = [:]
        for instrument in log.hello?.instruments ?? [] { families[instrument.name] = instrument.family }
        var activity: [String: [Curve.Point]] = [:]
        var levels: [Curve.Point] = []
        for entry in log.entries where entry.stream == stream {
            switch entry.body {
            case .on(let on): families[on.instrument] = on.family
            case .activity(let frame):
                levels.append(.init(time: entry.seconds, value: Double(frame.rms)))
                for (instrument, level) in zip(frame.instruments, frame.levels) {
                    activity[instrument, default: []].append(.init(time: entry.seconds, value: Double(level)))
                }
            case .discontinuity(let gap):
                gaps.append(Gap(time: entry.seconds, reason: gap.reason.rawValue, lost: gap.lostSeconds))
            default: break
            }
        }
        level = Curve(levels)
        let segments = Dictionary(grouping: set.annotations, by: \.instrument)
        rows = segments.map { instrument, segments in
            InstrumentRow(
                instrument: instrument, family: families[instrument] ?? "", segments: segments,
                activity: Curve(activity[instrument] ?? []))
        }.sorted { Self.rank(of: $0) < Self.rank(of: $1) }
        unheard = families.keys.filter { segments[$0] == nil }.sorted()
    }

    private static func rank(of row: InstrumentRow) -> (Int, Double, String) {
        (FamilyColour.rank(of: row.family), row.segments.first?.start ?? 0, row.instrument)
    }
}
