// Access control for web requests, based on the request alone.

/// The access rules. A page of another site in a browser on this machine must not read the events, whatever host name
/// it uses for this machine (DNS rebinding). Requests from other machines need a token.
struct WebGate: Equatable, Sendable {
    /// Whether the listener is reachable only from this machine.
    var isLoopback: Bool
    /// The token that a request must contain; `nil` where none is required.
    var token: String?
    /// Names of this machine that browsers may use, besides addresses.
    var hosts: Set<String>
    /// Pages of other origins that may read, in the form `https://panel.example:8443`.
    var origins: Set<String>

    /// The refusal of a request.
    struct Refusal: Equatable {
        var status: UInt32
        var sentence: String
    }

    /// Returns the refusal, or nil for a permitted request; `needsToken` is false for pages, which contain no events.
    func refusal(_ request: WebRequest, needsToken: Bool) -> Refusal? {
        guard let host = request.host, let endpoint = try? HostPort(host[...], usual: 80) else {
            return Refusal(status: 400, sentence: "the request has no Host header")
        }
        guard admits(host: endpoint.host.lowercased()) else {
            return Refusal(
                status: 421,
                sentence:
                    "unknown host name \"\(endpoint.host)\": use the address of the server, or add the name to hosts= of the sink"
            )
        }
        if let origin = request.origin, !admits(origin: origin, host: host) {
            return Refusal(
                status: 403, sentence: "pages of \(origin) are not allowed to read this: add it to origins= of the sink"
            )
        }
        guard needsToken, let token else { return nil }
        guard let shown = request.token, Self.same(shown, token) else {
            return Refusal(status: 401, sentence: "a token is required: add ?token=... to the address")
        }
        return nil
    }

    private func admits(host: String) -> Bool {
        if hosts.contains(host) { return true }
        let endpoint = try? HostPort(host.contains(":") ? "[\(host)]"[...] : host[...], usual: 80)
        if endpoint?.isLoopback == true { return true }
        // An attacker can make a name resolve to this machine, but not an address.
        return !isLoopback && (HostPort.isIPv4(host) || host.contains(":"))
    }

    private func admits(origin: String, host: String) -> Bool {
        if origins.contains(origin) { return true }
        return origin.lowercased() == "http://\(host.lowercased())"
            || origin.lowercased() == "https://\(host.lowercased())"
    }

    /// Compares two strings in a time that does not depend on how much of them is equal.
    private static func same(_ a: String, _ b: String) -> Bool {
        let a = Array(a.utf8)
        let b = Array(b.utf8)
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
