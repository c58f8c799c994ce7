// A decoded command line of a client.

import Events
import JSON

/// A command of a client, one JSON object on a line: `{"command":"subscribe","types":["on","off"]}`.
package enum Command: Equatable {
    case subscribe(Subscription)
    case status
    case metrics
    case mark(text: String, stream: String?)
    case record([JSONValue.Member])

    /// The reason why a line is rejected: the command's name, where it had one, and a message.
    package struct Refusal: Error, Equatable {
        package var command: String
        package var problem: String
    }

    /// The longest text of a mark, in bytes.
    static let longestMark = 1024

    /// Decodes a line. Instruments and streams are checked against `hello`, where there is one, as are all names and ranges, so that a
    /// misspelt field is rejected instead of ignored.
    package init(line: ArraySlice<UInt8>, hello: Hello?) throws(Refusal) {
        let object: JSONValue
        do {
            object = try JSONParser.parse(line)
        } catch {
            throw Refusal(command: "", problem: error.description)
        }
        guard let name = object["command"]?.text else {
            throw Refusal(command: "", problem: "expected an object with a \"command\": {\"command\":\"status\"}")
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
                problem: "unknown command: expected subscribe, status, metrics, mark or record")
        }
    }

    /// The value of its `command` field.
    package var name: String {
        switch self {
        case .subscribe: "subscribe"
        case .status: "status"
        case .metrics: "metrics"
        case .mark: "mark"
        case .record: "record"
        }
    }

    /// True when only controllers may send it.
    var needsControl: Bool {
        switch self {
        case .subscribe, .status, .metrics: false
        case .mark, .record: true
        }
    }
}

/// Answers the commands that the server cannot answer itself.
///
/// The server holds the handler weakly and calls it on the thread that runs `turn`. All clients wait during a call, so
/// no call may block. A call may publish events.
public protocol CommandHandler: AnyObject {
    /// Returns the members of the `status` object: the current state of the daemon.
    func status() -> [JSONValue.Member]
    /// Returns the daemon's own metrics in Prometheus text format; each line ends with a line feed.
    func metrics() -> String
    /// Sets a mark now in the stream, or in all streams when `stream` is `nil`. The handler publishes the `mark`
    /// events itself.
    func mark(text: String, stream: String?) -> Reply.Outcome
    /// Starts or stops a recording; `arguments` are the members of the command besides its name.
    func record(_ arguments: [JSONValue.Member]) -> Reply.Outcome
}
