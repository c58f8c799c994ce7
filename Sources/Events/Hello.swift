// The first line a consumer gets.

/// Who speaks: the first line a consumer gets, sent again when a model has been loaded.
public struct Hello: Equatable, Sendable {
    /// Version of the protocol of these lines. It changes when a reader written for the old one would go wrong;
    /// new fields and new types do not change it.
    public static let protocolVersion = 1

    /// Which weights are used.
    public struct Model: Equatable, Sendable {
        /// The name in the model file.
        public var name: String
        /// SHA-256 of the file, 64 hexadecimal digits.
        public var sha256: String

        /// Creates a description.
        public init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// One instrument the model knows.
    public struct Instrument: Equatable, Sendable {
        /// Its class name, as in events.
        public var name: String
        /// The family it belongs to.
        public var family: String

        /// Creates an entry.
        public init(name: String, family: String) {
            self.name = name
            self.family = family
        }
    }

    /// Program and version: "timbred 0.2.0".
    public var software: String
    /// Which build of it: the source's revision and a hash of the machine code; empty when it is not known.
    public var build: String
    /// The first stream's name.
    public var stream: String
    /// The first stream's source: "alsa:default".
    public var source: String
    /// Samples per second of the frame count.
    public var rate: Int
    /// Samples from one activity to the next.
    public var hop: Int
    /// Classes in the order of the model; empty while the model is being loaded.
    public var instruments: [Instrument]
    /// The model; `nil` while it is being loaded.
    public var model: Model?
    /// The model of the `tags`; `nil` when there are none.
    public var tagModel: Model?
    /// From a sound's arrival to its event as designed, in milliseconds.
    public var latencyMilliseconds: Double
    /// All streams, in the order of the configuration.
    public var streams: [String]

    /// Creates the line; see the properties.
    public init(
        software: String, build: String = "", stream: String, source: String, rate: Int, hop: Int,
        instruments: [Instrument], model: Model?, tagModel: Model? = nil, latencyMilliseconds: Double, streams: [String]
    ) {
        self.software = software
        self.build = build
        self.stream = stream
        self.source = source
        self.rate = rate
        self.hop = hop
        self.instruments = instruments
        self.model = model
        self.tagModel = tagModel
        self.latencyMilliseconds = latencyMilliseconds
        self.streams = streams
    }
}
