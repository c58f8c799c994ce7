// A kind of audio source, and the one table of all of them.

import AudioCore

/// A backend: how its sources are named, built and listed, and what its error codes mean.
///
/// A source is written `SCHEME:DETAIL`. Adding a backend is a folder with a value of this type and its line in `all`;
/// `docs/adding.md` walks through it.
public struct Backend: Sendable {
    /// What stands before the colon: lower-case letters.
    public let scheme: String
    /// How its sources are written, for messages: "alsa:PCM".
    public let usage: String
    /// Whether its sources are recordings, whose sounds have no wall time.
    public let isReplay: Bool
    /// Reads what stands behind the colon. Any thread; may not block.
    let parse: @Sendable (String) throws(Problem) -> Recipe
    /// The devices that are there now; nil for backends without devices. Any thread but a real-time one; may block for
    /// two seconds.
    let list: (@Sendable () throws(AudioInputError) -> [Device])?
    /// Puts the code of a `ReadResult.failed` into words. Any thread.
    let explain: @Sendable (Int32) -> String

    /// A name that was understood.
    struct Recipe: Sendable {
        /// The detail in its canonical form: reading it gives the same source again.
        var detail: String
        /// Builds the source, not yet open. Any thread; the source then belongs to the capture thread.
        var make: @Sendable (SourceOptions) -> sending any AudioSource
    }

    /// Why a detail was not understood, and what to write instead.
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

    /// Every backend, in the order in which messages and `timbre devices` name them.
    public static let all: [Backend] = [.alsa, .pulse, .pipewire, .jack, .file, .stdin, .tone]
}

/// Options of a source. A device comes as near to them as it can; files and pipes have their own format.
public struct SourceOptions: Equatable, Sendable {
    /// Preferred rate in hertz; a device that has it needs no resampling.
    public var sampleRate: Int
    /// Whether a file is played at the speed of a device instead of as fast as possible.
    public var realtime: Bool

    /// Creates options; the defaults are those of the shipped model.
    public init(sampleRate: Int = 44_100, realtime: Bool = false) {
        self.sampleRate = sampleRate
        self.realtime = realtime
    }
}
