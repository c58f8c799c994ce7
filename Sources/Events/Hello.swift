// The first line that a consumer receives.

/// The program and its model: the first line that a consumer receives, sent again when a model has been loaded.
public struct Hello: Equatable, Sendable {
    /// Version of the line protocol. It changes when a reader written for the old version would misread the new one;
    /// new fields and new types do not change it.
    public static let protocolVersion = 1

    /// The identity of a model.
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

    /// One instrument of the model.
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
    /// The build of the program: the source's revision and a hash of the program; empty when it is not known.
    public var build: String
    /// The first stream's name.
    public var stream: String
    /// The first stream's source: "alsa:default".
    public var source: String
    /// Samples per second of `frame`.
    public var rate: Int
    /// Samples between two activities.
    public var hop: Int
    /// Classes in the order of the model; empty while the model is being loaded.
    public var instruments: [Instrument]
    /// The frame model; `nil` while it is being loaded.
    public var model: Model?
    /// The precision of the frame model's convolutions, "full" or "int8"; empty when it is not known.
    public var precision: String
    /// The clip model that computes `tags`; `nil` when there is none.
    public var tagModel: Model?
    /// The designed delay from the arrival of a sound to its event, in milliseconds.
    public var latencyMilliseconds: Double
    /// All streams, in the order of the configuration.
    public var streams: [String]

    /// Creates the content; see the properties.
    public init(
        software: String, build: String = "", stream: String, source: String, rate: Int, hop: Int,
        instruments: [Instrument], model: Model?, precision: String = "", tagModel: Model? = nil,
        latencyMilliseconds: Double, streams: [String]
    ) {
        self.software = software
        self.build = build
        self.stream = stream
        self.source = source
        self.rate = rate
        self.hop = hop
        self.instruments = instruments
        self.model = model
        self.precision = precision
        self.tagModel = tagModel
        self.latencyMilliseconds = latencyMilliseconds
        self.streams = streams
    }
}
