// The one list of sinks.

/// All sinks there are.
public enum SinkTable {
    static var all: [any EventSink.Type] {
        [
            OSCSink.self, WebSink.self, MIDISink.self, MQTTSink.self, SecureMQTTSink.self, DMXSink.self,
            StreamingACNSink.self,
            JSONLinesSink.self, TCPSink.self, CommandSink.self,
        ]
    }

    static func type(of scheme: String) -> (any EventSink.Type)? {
        all.first { $0.scheme == scheme }
    }

    /// A sink as help shows it.
    public struct Entry: Sendable {
        /// How an address is written.
        public let form: String
        /// What it does.
        public let summary: String
        /// Its options, those of the filter not among them.
        public let options: [SinkOption]
    }

    /// The options that every sink has.
    public static var common: [SinkOption] { SinkFilter.options }

    /// Every sink, for help and manual.
    public static var entries: [Entry] {
        all.map { Entry(form: $0.form, summary: $0.summary, options: $0.options) }
    }
}
