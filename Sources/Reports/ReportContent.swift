// Everything a report shows, before it becomes a page or a picture.

/// The content of a report.
public struct ReportContent: Sendable {
    /// The sound of the page.
    public enum Audio: Equatable, Sendable {
        /// A file beside the page, as a relative address.
        case linked(address: String)
        /// The bytes themselves, as a `data:` address.
        case embedded(address: String)

        /// What the page loads.
        var address: String {
            switch self {
            case .linked(let address), .embedded(let address): address
            }
        }
    }

    /// The recording's name.
    public var title: String
    /// Program and version, model, source: a term and what there is to say.
    public var facts: [(term: String, text: String)]
    /// Where the time that the page shows begins, in seconds.
    public var start: Double
    /// Where it ends.
    public var end: Double
    /// The streams, in their order.
    public var streams: [StreamContent]
    /// The picture of the sound, where it is at hand; it begins at 0 s.
    public var waveform: Waveform?
    /// The sound, where it is at hand.
    public var audio: Audio?

    /// Creates a content; a span without extent becomes one second.
    public init(
        title: String, facts: [(term: String, text: String)] = [], start: Double = 0, end: Double,
        streams: [StreamContent], waveform: Waveform? = nil, audio: Audio? = nil
    ) {
        self.title = title
        self.facts = facts
        self.start = start
        self.end = max(end, start + 1)
        self.streams = streams
        self.waveform = waveform
        self.audio = audio
    }

    /// Seconds that the page shows.
    public var span: Double { end - start }
}
