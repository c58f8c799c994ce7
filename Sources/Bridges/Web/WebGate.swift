// Who may look: decided from what a request says about itself.

/// The rules of access. A page of a stranger that a browser here has open must not read what is heard, whatever name it gives
/// this machine (DNS rebinding), and beyond this machine a token is asked for.
struct WebGate: Equatable, Sendable {
    /// Whether the listener is reachable from this machine alone.
    var isLoopback: Bool
    /// What a request must show; `nil` where none is asked for.
    var token: String?
    /// Names of this machine by which browsers may call it, besides addresses.
    var hosts: Set<String>
    /// Pages of other origins that may read, as `https://panel.example:8443`.
    var origins: Set<String>

    /// Why a request is refused.
    struct Refusal: Equatable {
        var status: UInt32
        var sentence: String
    }

    /// Decides; `needsToken` is false for pages, which show nothing by themselves.
    func refusal(_ request: WebRequest, needsToken: Bool) -> Refusal? {
        guard let host = request.host, let endpoint = try? HostPort(host[...], usual: 80) else {
            return Refusal(status: 400, sentence: "the request names no host")
        }
        guard admits(host: endpoint.host.lowercased()) else {
            return Refusal(
                status: 421,
                sentence:
                    "this server is not called \"\(endpoint.host)\": use its address, or add the name to hosts= of the sink"
            )
        }
        if let origin = request.origin, !admits(origin: origin, host: host) {
            return Refusal(
                status: 403, sentence: "pages of \(origin) may not read this: add it to origins= of the sink")
        }
        guard needsToken, let token else { return nil }
        guard let shown = request.token, Self.same(shown, token) else {
            return Refusal(status: 401, sentence: "a token is wanted: add ?token=... to the address")
        }
        return nil
    }

    private func admits(host: String) -> Bool {
        if hosts.contains(host) { return true }
        let endpoint = try? HostPort(host.contains(":") ? "[\(host)]"[...] : host[...], usual: 80)
        if endpoint?.isLoopback == true { return true }
        // A name can be made to mean this machine, an address cannot.
        return !isLoopback && (HostPort.isIPv4(host) || host.contains(":"))
    }

    private func admits(origin: String, host: String) -> Bool {
        if origins.contains(origin) { return true }
        return origin.lowercased() == "http://\(host.lowercased())"
            || origin.lowercased() == "https://\(host.lowercased())"
    }

    /// Compares in a time that does not tell how much of it is right.
    private static func same(_ a: String, _ b: String) -> Bool {
        let a = Array(a.utf8)
        let b = Array(b.utf8)
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
