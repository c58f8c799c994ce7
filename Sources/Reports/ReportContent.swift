// The content of a report, independent of its format.

/// The content of a report.
public struct ReportContent: Sendable {
    /// The audio of the page.
    public enum Audio: Equatable, Sendable {
        /// A separate file, as a relative address.
        case linked(address: String)
        /// The audio bytes, as a `data:` address.
        case embedded(address: String)

        /// The address that the page loads.
        var address: String {
            switch self {
            case .linked(let address), .embedded(let address): address
            }
        }
    }

    /// The recording's name.
    public var title: String
    /// Program and version, model, source: a term and its text.
    public var facts: [(term: String, text: String)]
    /// Beginning of the displayed time, in seconds.
    public var start: Double
    /// End of the displayed time, in seconds.
    public var end: Double
    /// The streams, in their order.
    public var streams: [StreamContent]
    /// The waveform, where it is available; it begins at 0 s.
    public var waveform: Waveform?
    /// The audio, where it is available.
    public var audio: Audio?

    /// Creates a content; a span of length 0 becomes one second.
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

    /// Length of the displayed time, in seconds.
    public var span: Double { end - start }
}
