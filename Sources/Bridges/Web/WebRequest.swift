// The parts of an HTTP request that determine the reply.

import Events
import JSON

/// Path, query and credentials of one HTTP request.
struct WebRequest: Equatable {
    /// The path without the query.
    var path: String
    /// Names and values of the query, decoded.
    var query: [(name: String, value: String)] = []
    /// The `Host` header.
    var host: String?
    /// The `Origin` header.
    var origin: String?
    /// The `Authorization` header.
    var authorization: String?

    static func == (a: WebRequest, b: WebRequest) -> Bool {
        a.path == b.path && a.host == b.host && a.origin == b.origin && a.authorization == b.authorization
            && a.query.elementsEqual(b.query) { $0 == $1 }
    }

    /// The token of the request: `Authorization: Bearer TOKEN`, or `token=TOKEN` in the query.
    var token: String? {
        if let authorization, authorization.lowercased().hasPrefix("bearer ") {
            return String(authorization.dropFirst("bearer ".count))
        }
        return query.first { $0.name == "token" }?.value
    }

    /// The subscription in the query, as the equivalent command; `nil` where there is none.
    var subscription: [UInt8]? {
        var members: [JSONValue.Member] = []
        for (name, value) in query where name != "token" {
            switch name {
            case "minimum_confidence", "activity_rate":
                members.append(.init(name, Double(value).map { .number($0) } ?? .string(value)))
            default:
                members.append(.init(name, .array(value.split(separator: ",").map { .string(String($0)) })))
            }
        }
        guard !members.isEmpty else { return nil }
        var writer = JSONWriter()
        writer.value(.object([.init("command", .string("subscribe"))] + members))
        return writer.bytes
    }

    /// Splits an item of a decoded query at the equals sign: `name=value`.
    static func item(_ text: String) -> (name: String, value: String) {
        guard let equals = text.firstIndex(of: "=") else { return (text, "") }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}

/// A complete reply.
struct WebResponse {
    var status: UInt32 = 200
    var type = "text/plain; charset=utf-8"
    var bytes: [UInt8] = []
    /// Whether the connection is closed after it: after a malformed request the start of the next one is unknown.
    var closes = false
    /// Number of bytes already written.
    var written = 0

    init(_ file: WebPages.File) {
        type = file.type
        bytes = file.bytes
    }

    init(type: String, _ bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }

    init(_ refusal: WebGate.Refusal) {
        status = refusal.status
        closes = true
        bytes = Array((refusal.sentence + "\n").utf8)
    }
}
