// The list of all sinks.

/// All available sinks.
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

    /// A sink as shown in help.
    public struct Entry: Sendable {
        /// The form of its address.
        public let form: String
        /// Its description.
        public let summary: String
        /// Its options, except those of the filter.
        public let options: [SinkOption]
    }

    /// The options that every sink has.
    public static var common: [SinkOption] { SinkFilter.options }

    /// All sinks, for help and manual.
    public static var entries: [Entry] {
        all.map { Entry(form: $0.form, summary: $0.summary, options: $0.options) }
    }
}
