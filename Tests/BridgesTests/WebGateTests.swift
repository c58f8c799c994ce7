// Who may look.

import Testing

@testable import Bridges

@Suite struct WebGateTests {
    private func status(
        _ gate: WebGate, host: String?, origin: String? = nil, authorization: String? = nil, query: String? = nil
    ) -> UInt32? {
        var request = WebRequest(path: "/api/state")
        request.host = host
        request.origin = origin
        request.authorization = authorization
        if let query { request.query = [WebRequest.item(query)] }
        return gate.refusal(request, needsToken: true)?.status
    }

    private let local = WebGate(
        isLoopback: true, token: nil, hosts: ["stage.local"], origins: ["https://panel.example"])
    private let remote = WebGate(isLoopback: false, token: "0123456789abcdef", hosts: ["hall"], origins: [])

    @Test("On the loopback only names of the loopback are answered: a name can be made to mean this machine")
    func rebinding() {
        for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST", "stage.local:1"] {
            #expect(status(local, host: host) == nil, "\(host)")
        }
        for host in ["evil.example:8080", "127.0.0.1.evil.example", "10.0.0.1:8080", "[fe80::1]:8080"] {
            #expect(status(local, host: host) == 421, "\(host)")
        }
        #expect(
            status(local, host: nil) == 400 && status(local, host: "") == 421 && status(local, host: "a:b:c") == 400)
    }

    @Test("Pages of other places may not read, but for those that were named")
    func origins() {
        #expect(status(local, host: "localhost:8080", origin: "http://localhost:8080") == nil)
        #expect(status(local, host: "localhost:8080", origin: "https://panel.example") == nil)
        for origin in ["http://evil.example", "null", "http://localhost:9090", "https://panel.example.evil"] {
            #expect(status(local, host: "localhost:8080", origin: origin) == 403, "\(origin)")
        }
    }

    @Test("Beyond this machine a token is asked for, as a header or in the address")
    func token() {
        #expect(status(remote, host: "10.0.0.1:8080") == 401)
        #expect(status(remote, host: "10.0.0.1:8080", authorization: "Bearer 0123456789abcdef") == nil)
        #expect(status(remote, host: "hall:8080", query: "token=0123456789abcdef") == nil)
        for wrong in ["Bearer 0123456789abcdeg", "Bearer ", "Basic 0123456789abcdef", "Bearer 0123456789abcdef0"] {
            #expect(status(remote, host: "10.0.0.1:8080", authorization: wrong) == 401, "\(wrong)")
        }
        #expect(status(remote, host: "evil.example", query: "token=0123456789abcdef") == 421)
        #expect(
            remote.refusal(
                {
                    var r = WebRequest(path: "/"); r.host = "10.0.0.1"; return r
                }(), needsToken: false) == nil)
    }

    @Test("A subscription in the address becomes the command it stands for")
    func subscription() throws {
        var request = WebRequest(path: "/api/events")
        #expect(request.subscription == nil)
        request.query = ["token=x", "types=on,off", "activity_rate=5"].map(WebRequest.item)
        let command = String(decoding: try #require(request.subscription), as: UTF8.self)
        #expect(command == #"{"command":"subscribe","types":["on","off"],"activity_rate":5}"#)
    }
}
