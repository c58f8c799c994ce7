// The server's counters.

/// Counts since the start, for `metrics` and `status`.
public struct ServerCounters: Equatable, Sendable {
    /// Clients that were admitted.
    public var accepted: Int64 = 0
    /// Connections that were refused: too many, or not allowed.
    public var refused: Int64 = 0
    /// Clients that were closed because of an error of theirs.
    public var closed: Int64 = 0
    /// Events that were published.
    public var events: Int64 = 0
    /// Lines that were sent, over all clients.
    public var lines: Int64 = 0
    /// Lines that clients missed because they lagged.
    public var skipped: Int64 = 0
    /// Commands that were answered, refusals included.
    public var commands: Int64 = 0
    /// Connections that arrived when the process had no free descriptor.
    public var descriptorFaults: Int64 = 0

    /// Returns the counters in Prometheus text format, with the current number of clients and of those that lag.
    func prometheus(clients: Int, behind: Int) -> String {
        let counts: [(String, String, Int64)] = [
            ("clients_accepted", "Connections that were accepted.", accepted),
            ("clients_refused", "Connections that were refused.", refused),
            ("clients_closed", "Clients that were closed because of an error of the client.", closed),
            ("events", "Events that were published.", events),
            ("lines_sent", "Lines sent to clients.", lines),
            ("lines_skipped", "Lines dropped for clients that read too slowly.", skipped),
            ("commands", "Commands that were answered.", commands),
            (
                "descriptor_faults", "Connections refused for lack of a free file descriptor.",
                descriptorFaults
            ),
        ]
        var text =
            "# HELP timbred_clients Connected clients.\n# TYPE timbred_clients gauge\ntimbred_clients \(clients)\n"
        text += "# HELP timbred_clients_behind Clients for which lines are being dropped.\n"
        text += "# TYPE timbred_clients_behind gauge\ntimbred_clients_behind \(behind)\n"
        for (name, help, value) in counts {
            text += "# HELP timbred_\(name)_total \(help)\n# TYPE timbred_\(name)_total counter\n"
            text += "timbred_\(name)_total \(value)\n"
        }
        return text
    }
}
