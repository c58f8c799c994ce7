// A host and a port in text form.

/// The endpoint of a peer or of a listener: `HOST:PORT`, `[::1]:PORT`.
struct HostPort: Equatable, Sendable {
    /// A name or an address, without brackets; empty where only a port was given.
    var host: String
    /// 1...65535, or 0 where a listener may use any port.
    var port: Int

    /// Parses `HOST:PORT`; with `usual`, the port may be omitted. `lowest` is 0 for listeners.
    init(_ text: Substring, usual: Int? = nil, lowest: Int = 1) throws(SinkProblem) {
        let example = "write HOST:PORT, as in 127.0.0.1:7700 or [::1]:7700"
        var host = text
        var digits: Substring?
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else {
                throw SinkProblem("\"\(text)\" lacks the closing ]: \(example)")
            }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw SinkProblem("\"\(text)\": \(example)") }
            digits = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            digits = text[text.index(after: colon)...]
            guard !host.contains(":") else {
                throw SinkProblem("\"\(text)\": put brackets around an IPv6 address: \(example)")
            }
        }
        guard !host.contains(where: { $0 == " " || $0 == "/" || $0 == "@" }) else {
            throw SinkProblem("\"\(host)\" is not a host: \(example)")
        }
        if let digits {
            guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(digits),
                (lowest...65_535).contains(port)
            else {
                throw SinkProblem("\"\(digits)\" is not a port: write a number from \(lowest) to 65535")
            }
            self.port = port
        } else if let usual {
            port = usual
        } else {
            throw SinkProblem("the port is missing: \(example)")
        }
        self.host = String(host)
    }

    /// True when the host is a loopback name or address.
    var isLoopback: Bool {
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && HostPort.isIPv4(host))
    }

    /// Returns true for four numbers separated by points.
    static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.count) && part.allSatisfy { $0.isASCII && $0.isNumber }
                    && (Int(part).map { $0 < 256 } ?? false)
            }
    }
}
