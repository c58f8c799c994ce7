// Selects the events that a sink receives.

import Events

/// The filter of a sink. `nil` means everything.
struct SinkFilter: Equatable, Sendable {
    /// Kinds of timed events.
    var kinds: Set<EventKind>?
    /// Instruments of `on`, `off`, `activity` and `tags`.
    var instruments: Set<String>?
    /// Families of the same events.
    var families: Set<String>?
    /// Names of streams.
    var streams: Set<String>?
    /// An `on` with a lower confidence is omitted together with its `off`; 0...1.
    var minimumConfidence: Float = 0
    /// `activity` events per second and stream; 0 for none.
    var rate = 10.0

    /// True when the filter excludes some instruments.
    var choosesInstruments: Bool { instruments != nil || families != nil }

    /// All that is set, as text that is the same for the same filter.
    var fingerprint: String {
        let lists = [kinds?.map(\.rawValue).sorted(), instruments?.sorted(), families?.sorted(), streams?.sorted()]
        return lists.map { $0?.joined(separator: "+") ?? "" }.joined(separator: ",") + ",\(minimumConfidence),\(rate)"
    }

    /// Says which names of the filter the daemon does not know: nothing would ever come of them.
    func unknownNames(_ hello: Hello) -> [String] {
        Self.unknown(instruments ?? [], "instruments", hello.instruments.map(\.name))
            + Self.unknown(families ?? [], "families", hello.instruments.map(\.family))
            + Self.unknown(streams ?? [], "streams", hello.streams)
    }

    /// Says which of some names in an option are not among those that the daemon has.
    static func unknown(_ names: Set<String>, _ option: String, _ known: [String]) -> [String] {
        let known = Set(known).sorted()
        return names.subtracting(known).sorted().map {
            "\(option) has \"\($0)\", and the daemon has \(known.joined(separator: ", "))"
        }
    }

    func admits(stream: String) -> Bool { streams?.contains(stream) ?? true }
    func admits(_ kind: EventKind) -> Bool { !kind.isTimed || kinds?.contains(kind) ?? true }

    func admits(instrument: String, family: String?) -> Bool {
        guard instruments?.contains(instrument) ?? true else { return false }
        guard let families else { return true }
        return family.map(families.contains) ?? false
    }

    /// The options that every sink has.
    static let options: [SinkOption] = [
        SinkOption("types", .names, help: "only events of these types: \(kindNames.joined(separator: ", "))"),
        SinkOption("instruments", .names, help: "only these instruments"),
        SinkOption("families", .names, help: "only instruments of these families"),
        SinkOption("streams", .names, help: "only these streams"),
        SinkOption("minimum_confidence", .number(0...1), "0", help: "omit events with a lower confidence"),
        SinkOption(
            "rate", .number(0...1000), String(Int(SinkFilter().rate)),
            help: "level frames per second and stream, 0 for none; \(otherRates) unless set"),
    ]

    /// The default rates of the sinks that have others than most, as text.
    private static var otherRates: String {
        let usual = SinkFilter().rate
        var others: [Double: [String]] = [:]
        for sink in SinkTable.all where sink.usualFilter.rate != usual {
            others[sink.usualFilter.rate, default: []].append(sink.scheme)
        }
        return others.sorted { $0.key > $1.key }
            .map { "\(Int($0.key)) for \($0.value.joined(separator: " and "))" }.joined(separator: ", ")
    }

    static let kindNames = EventKind.allCases.filter(\.isTimed).map(\.rawValue)

    /// Sets one of `options` to a value that is already validated for its kind.
    mutating func set(_ name: String, _ value: String) throws(SinkProblem) {
        switch name {
        case "types":
            var kinds: Set<EventKind> = []
            for word in SinkOption.names(value) {
                guard let kind = EventKind(rawValue: word), kind.isTimed else {
                    throw SinkProblem(
                        "unknown type \"\(word)\" in types: expected one of \(Self.kindNames.joined(separator: ", "))")
                }
                kinds.insert(kind)
            }
            self.kinds = kinds
        case "instruments": instruments = Set(SinkOption.names(value))
        case "families": families = Set(SinkOption.names(value))
        case "streams": streams = Set(SinkOption.names(value))
        case "minimum_confidence": minimumConfidence = Float(value) ?? 0
        default: rate = Double(value) ?? rate
        }
    }
}
