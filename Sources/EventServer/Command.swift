// A line from a client, understood.

import Events

/// What a client may ask for, one JSON object on a line: `{"command":"subscribe","types":["on","off"]}`.
enum Command: Equatable {
    case subscribe(Subscription)
    case status
    case metrics
    case mark(text: String, stream: String?)
    case record([JSONValue.Member])

    /// Why a line is no command: its name, where it had one, and a sentence.
    struct Refusal: Error, Equatable {
        var command: String
        var problem: String
    }

    /// The longest text of a mark, in bytes.
    static let longestMark = 1024

    /// Understands a line. Instruments and streams are checked against `hello`, as are all names and ranges, so that
    /// a misspelt wish is refused instead of ignored.
    init(line: ArraySlice<UInt8>, hello: Hello) throws(Refusal) {
        let object: JSONValue
        do {
            object = try JSONParser.parse(line)
        } catch {
            throw Refusal(command: "", problem: error.description)
        }
        guard let name = object["command"]?.text else {
            throw Refusal(command: "", problem: "write an object with a \"command\": {\"command\":\"status\"}")
        }
        let arguments = CommandArguments(
            name: name, members: (object.members ?? []).filter { $0.name != "command" })
        switch name {
        case "subscribe": self = .subscribe(try arguments.subscription(hello))
        case "status":
            try arguments.allow([])
            self = .status
        case "metrics":
            try arguments.allow([])
            self = .metrics
        case "mark":
            try arguments.allow(["text", "stream"])
            self = try arguments.mark(hello)
        case "record": self = .record(arguments.members)
        default:
            throw Refusal(
                command: name,
                problem: "there is no such command: write subscribe, status, metrics, mark or record")
        }
    }

    /// The word in its `command` field.
    var name: String {
        switch self {
        case .subscribe: "subscribe"
        case .status: "status"
        case .metrics: "metrics"
        case .mark: "mark"
        case .record: "record"
        }
    }

    /// True when only controllers may ask for it.
    var needsControl: Bool {
        switch self {
        case .subscribe, .status, .metrics: false
        case .mark, .record: true
        }
    }
}
