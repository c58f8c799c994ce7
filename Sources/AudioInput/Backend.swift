// The kinds of audio sources, and the table of all of them.

import AudioCore

/// A backend: the syntax of its source names, its constructor, its device list, and the meaning of its error codes.
///
/// The form of a source name is `SCHEME:DETAIL`. A new backend is a folder with a value of this type and its line in
/// `all`; `docs/adding.md` describes the steps.
public struct Backend: Sendable {
    /// The part before the colon: lower-case letters.
    public let scheme: String
    /// The form of its source names, for messages: "alsa:PCM".
    public let usage: String
    /// Whether its sources are recordings, which have no wall time.
    public let isReplay: Bool
    /// Parses the part after the colon. Any thread may call it; it must not block.
    let parse: @Sendable (String) throws(Problem) -> Recipe
    /// Returns the devices that are present now; nil for backends without devices. Any thread except a real-time one
    /// may call it; it may block for two seconds.
    let list: (@Sendable () throws(AudioInputError) -> [Device])?
    /// Converts the code of a `ReadResult.failed` to text. Any thread may call it.
    let explain: @Sendable (Int32) -> String

    /// A parsed name.
    struct Recipe: Sendable {
        /// The detail in its canonical form: parsing it gives the same source again.
        var detail: String
        /// Creates the source, not yet open. Any thread may call it; the capture thread then owns the source.
        var make: @Sendable (SourceOptions) -> sending any AudioSource
    }

    /// The reason why a detail is invalid, and the correct form.
    struct Problem: Error {
        var detail: String
    }

    init(
        scheme: String, usage: String, isReplay: Bool = false,
        parse: @escaping @Sendable (String) throws(Problem) -> Recipe,
        list: (@Sendable () throws(AudioInputError) -> [Device])? = nil,
        explain: @escaping @Sendable (Int32) -> String
    ) {
        self.scheme = scheme
        self.usage = usage
        self.isReplay = isReplay
        self.parse = parse
        self.list = list
        self.explain = explain
    }

    /// All backends, in the order in which messages and `timbre devices` list them.
    public static let all: [Backend] = [.alsa, .pulse, .pipewire, .jack, .file, .stdin, .tone]
}

/// Options of a source. A device uses the nearest values that it supports; files and pipes have their own format.
public struct SourceOptions: Equatable, Sendable {
    /// Preferred rate in hertz; a device with this rate needs no resampling.
    public var sampleRate: Int
    /// Whether a file is played at the speed of a device instead of as fast as possible.
    public var realtime: Bool

    /// Creates options; the defaults are those of the bundled model.
    public init(sampleRate: Int = 44_100, realtime: Bool = false) {
        self.sampleRate = sampleRate
        self.realtime = realtime
    }
}
