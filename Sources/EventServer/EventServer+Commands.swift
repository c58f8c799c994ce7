// Answers commands.

import Events

extension EventServer {
    /// Answers one line of a client. A line that is not valid text ends the connection; an invalid command is refused.
    func answer(_ line: ArraySlice<UInt8>, from client: Client) {
        guard !line.isEmpty else { return }
        guard !line.contains(0), String(validating: line, as: UTF8.self) != nil else {
            client.close(reason: "the received line is not UTF-8 text", encoder: &encoder)
            counters.closed += 1
            return
        }
        counters.commands += 1
        let hello = hello()
        let command: Command
        do {
            command = try Command(line: line, hello: hello)
        } catch {
            return reply(error.command, .refused(error.problem), to: client)
        }
        guard !command.needsControl || client.role == .controller else {
            return reply(command.name, .refused("only root and the daemon's user may use this command"), to: client)
        }
        execute(command, for: client, hello)
    }

    private func execute(_ command: Command, for client: Client, _ hello: Hello) {
        switch command {
        case .subscribe(let subscription):
            client.filter = ClientFilter(subscription)
            reply(command.name, .done([]), to: client)
            sendSnapshot(to: client, streams: hello.streams)
        case .status:
            let members = (handler?.status() ?? []) + [.init("clients", .array(clients.map(\.report)))]
            reply(command.name, .done([.init("status", .object(members))]), to: client)
        case .metrics:
            let text =
                (handler?.metrics() ?? "")
                + counters.prometheus(clients: clients.count, behind: clients.count { $0.queue.skipped > 0 })
            reply(command.name, .done([.init("metrics", .string(text))]), to: client)
        case .mark(let text, let stream):
            reply(command.name, handler?.mark(text: text, stream: stream) ?? Self.unsupported, to: client)
        case .record(let arguments):
            reply(command.name, handler?.record(arguments) ?? Self.unsupported, to: client)
        }
    }

    private static let unsupported = Reply.Outcome.refused("this program does not support the command")

    private func reply(_ command: String, _ outcome: Reply.Outcome, to client: Client) {
        let event = Event(.reply(Reply(command: command, outcome: outcome)))
        counters.skipped += client.enqueue(encoder.encode(event), .reply, now: clock())
    }
}
