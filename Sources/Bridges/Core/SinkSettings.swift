// The settings of one sink.

import Spelling

/// A sink's address, options and filter, validated.
public struct SinkSettings: Equatable, Sendable, CustomStringConvertible {
    /// The part before the first colon.
    let scheme: String
    /// The part after it.
    let address: String
    /// The filter of its events.
    let filter: SinkFilter
    private let values: [String: String]

    /// Scheme and address, for display. It contains no secret.
    public var description: String { "\(scheme):\(address)" }

    /// All that is set, as text that is the same for the same settings. It may contain secrets.
    var fingerprint: String {
        description + values.sorted { $0.key < $1.key }.map { ",\($0.key)=\($0.value)" }.joined()
            + ",\(filter.fingerprint)"
    }

    /// The requested `activity` events per second and stream.
    var rate: Double { filter.admits(.activity) ? filter.rate : 0 }

    /// Parses the form of the command line: `osc:127.0.0.1:7700,rate=30,instruments=violin+viola`.
    public init(_ text: String) throws(SinkProblem) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        var values: [(name: String, value: String)] = []
        for part in parts.dropFirst() {
            guard let equals = part.firstIndex(of: "=") else {
                throw SinkProblem("\"\(part)\" is not an option: write name=value after the comma")
            }
            values.append((String(part[..<equals]), String(part[part.index(after: equals)...])))
        }
        try self.init(sink: String(parts[0]), values: values)
    }

    /// Parses an address and its options.
    init(sink: String, values: [(name: String, value: String)]) throws(SinkProblem) {
        let schemes = SinkTable.all.map { $0.scheme }
        guard let colon = sink.firstIndex(of: ":") else {
            throw SinkProblem(
                "a sink begins with its type and a colon, as in \(OSCSink.form): expected one of \(schemes.joined(separator: ", "))"
            )
        }
        let scheme = String(sink[..<colon])
        guard let type = SinkTable.type(of: scheme) else {
            throw SinkProblem("unknown sink \(scheme): \(NearestName.remedy(for: scheme, among: schemes))")
        }
        self.scheme = scheme
        address = String(sink[sink.index(after: colon)...])
        guard !address.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw SinkProblem("its address has control characters")
        }
        var filter = type.usualFilter
        var own: [String: String] = [:]
        var seen: Set<String> = []
        for (name, value) in values {
            guard seen.insert(name).inserted else { throw SinkProblem("duplicate option \(name): remove one") }
            let known = type.options + SinkFilter.options
            guard let option = known.first(where: { $0.name == name }) else {
                throw SinkProblem(
                    "\(scheme) has no option \(name): \(NearestName.remedy(for: name, among: known.map(\.name)))")
            }
            if let objection = option.objection(to: value) { throw SinkProblem("\(name) \(objection)") }
            if SinkFilter.options.contains(where: { $0.name == name }),
                !type.options.contains(where: { $0.name == name })
            {
                try filter.set(name, value)
            } else {
                own[name] = value
            }
        }
        self.filter = filter
        self.values = own
        _ = try make(.none)
    }

    /// Creates the sink, which is not yet open.
    func make(_ context: SinkContext) throws(SinkProblem) -> any EventSink {
        guard let type = SinkTable.type(of: scheme) else { throw SinkProblem("unknown sink \(scheme)") }
        return try type.init(self, context)
    }

    /// Returns the value of an option, or its default; `nil` where it has none.
    func text(_ name: String) -> String? {
        if let value = values[name] { return value }
        let usual = SinkTable.type(of: scheme)?.options.first { $0.name == name }?.usual
        return usual?.isEmpty == false ? usual : nil
    }

    /// The value of a `.number` option.
    func number(_ name: String) -> Double { text(name).flatMap(Double.init) ?? 0 }

    /// The value of an `.integer` option.
    func integer(_ name: String) -> Int { text(name).flatMap(Int.init) ?? 0 }

    /// The value of a `.flag` option.
    func flag(_ name: String) -> Bool { text(name) == "true" }

    /// The names of a `.names` option.
    func names(_ name: String) -> [String] { text(name).map(SinkOption.names) ?? [] }
}
