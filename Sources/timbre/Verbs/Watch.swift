// `timbre watch`: shows the daemon's detections live.

import CommandLine
import EventServer
import Events
import JSON
import System

extension Command {
    static let watch = Command(
        Verb(
            "watch", summary: "show the running daemon's detections live",
            discussion: [
                "Each instrument has a row with its level. Active instruments are shown in the colour of their "
                    + "family, with the time since their onset. The last line shows the state of the source. Tab "
                    + "selects the next stream, q quits. When the daemon disconnects, the view waits for it and "
                    + "reconnects.",
                "Without a terminal, or with --once, the current state is printed once.",
            ],
            options: [
                .socket, Option("stream", .text("NAME"), help: "the stream to show first"),
                Option("once", help: "print the current state and exit"),
            ])
    ) { arguments throws(Failure) in
        let daemon = Daemon(arguments)
        let client = try daemon.connect()
        if arguments.flag("once") || !Terminal.isPresent {
            try once(client, stream: arguments.text("stream"))
        } else {
            try follow(daemon, client, stream: arguments.text("stream"))
        }
    }

    /// Activity lines per second: the frame rate of the view.
    private static let rate = JSONValue.Member("activity_rate", .number(25))

    private static func follow(_ daemon: Daemon, _ first: EventClient, stream: String?) throws(Failure) {
        let view = LiveView(stream: stream)
        defer { view.close() }
        var client: EventClient? = first
        var nextAttempt = SystemClock.monotonicMilliseconds + 1000
        subscribe(first)
        while !view.isDone {
            if let connected = client {
                guard view.turn(waitingFor: connected.descriptor, milliseconds: 1000) else { continue }
                if !take(connected, view.apply) { client = nil }
            } else {
                view.report(view.state.trouble ?? "\(daemon.path) is closed; waiting for the daemon")
                _ = view.turn(milliseconds: 200)
                guard SystemClock.monotonicMilliseconds >= nextAttempt else { continue }
                nextAttempt = SystemClock.monotonicMilliseconds + 1000
                client = try? daemon.connect()
                if let client { subscribe(client) }
            }
        }
    }

    /// Prints the state as soon as every running stream has sent its levels, or after one second.
    private static func once(_ client: EventClient, stream: String?) throws(Failure) {
        var state = WatchState()
        subscribe(client)
        let end = SystemClock.monotonicMilliseconds + 1000
        var isOpen = true
        while isOpen, SystemClock.monotonicMilliseconds < end, !state.isComplete {
            isOpen = take(client, waiting: 50) { state.apply($0) }
        }
        let names = stream.map { [$0] } ?? state.streamNames
        let view = WatchView(
            width: Terminal.isPresent ? Terminal.size.width : 72, height: nil, colour: Terminal.wantsColour)
        for name in names {
            guard state.streams[name] != nil else {
                throw Failure(
                    "unknown stream '\(name)'; the streams are \(state.streamNames.joined(separator: ", "))", .usage)
            }
            for line in view.lines(of: state, stream: name) { try Output.line(line) }
        }
    }

    private static func subscribe(_ client: EventClient) {
        // After a failure, the next read reports a closed connection.
        try? client.send("subscribe", [rate])
    }

    /// Processes all available lines; returns false when the connection has ended.
    private static func take(_ client: EventClient, waiting: Int = 0, _ apply: (Event) -> Void) -> Bool {
        while let read = try? client.readLine(timeoutMilliseconds: waiting) {
            switch read {
            case .line(let line):
                // A line of a later version that cannot be decoded is ignored.
                if let event = try? NumberedEvent(line: line).event { apply(event) }
            case .timeout: return true
            case .closed: return false
            }
        }
        return false
    }
}
