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
        SinkOption("rate", .number(0...1000), usualRates, help: "level frames per second and stream, 0 for none"),
    ]

    /// The default rates, as text: that of most sinks, and those of the others.
    private static var usualRates: String {
        let usual = SinkFilter().rate
        var others: [Double: [String]] = [:]
        for sink in SinkTable.all where sink.usualFilter.rate != usual {
            others[sink.usualFilter.rate, default: []].append(sink.scheme)
        }
        let texts = others.sorted { $0.key > $1.key }
            .map { "\(Int($0.key)) for \($0.value.joined(separator: " and "))" }
        return ([String(Int(usual))] + texts).joined(separator: ", ")
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
