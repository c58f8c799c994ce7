// The sources of a PulseAudio server.

import CPulse

/// Queries a server for its sources.
enum PulseDevices {
    /// The properties of one source.
    struct Facts {
        var name: String
        var label: String
        var sample: pa_sample_spec
        var map: pa_channel_map
    }

    /// Collects the answers to one query; the server's last answer completes it.
    private final class Answer {
        var facts: [Facts] = []
        var isComplete = false
    }

    /// Returns all sources, including the monitors of sinks.
    static func list(server: String? = nil) throws(AudioInputError) -> [Device] {
        let connection = try PulseConnection(server: server)
        let facts = try ask(connection, "listing the sources") { answer in
            pa_context_get_source_info_list(connection.context, take, answer)
        }
        return facts.map { Device(name: "pulse:\($0.name)", label: $0.label) }
    }

    /// Returns the source of this name, or the source for which "@DEFAULT_SOURCE@" or "@DEFAULT_MONITOR@" stands.
    static func find(_ name: String, on connection: PulseConnection, stop: StopFlag) throws(AudioInputError) -> Facts {
        let facts = try ask(connection, "looking for the source", stop: stop) { answer in
            pa_context_get_source_info_by_name(connection.context, name, take, answer)
        }
        guard let first = facts.first else {
            throw .missing(
                source: "pulse:\(name)",
                detail: "the server has no such source; \"timbre devices\" lists the available sources")
        }
        return first
    }

    private static func ask(
        _ connection: PulseConnection, _ step: String, stop: StopFlag = StopFlag(),
        _ question: (UnsafeMutableRawPointer) -> OpaquePointer?
    ) throws(AudioInputError) -> [Facts] {
        let answer = Answer()
        guard let operation = question(Unmanaged.passUnretained(answer).toOpaque()) else {
            throw connection.failure(step)
        }
        // A cancelled operation makes no callback, so `answer` outlives all its uses.
        defer {
            pa_operation_cancel(operation)
            pa_operation_unref(operation)
        }
        try connection.wait(step, stop: stop) { answer.isComplete }
        return answer.facts
    }

    private static let take: pa_source_info_cb_t = { _, info, end, opaque in
        guard let opaque else { return }
        let answer = Unmanaged<Answer>.fromOpaque(opaque).takeUnretainedValue()
        // A positive value means the end of the list; a negative value means an error, such as no such source.
        guard end == 0, let info = info?.pointee, let name = info.name else {
            answer.isComplete = true
            return
        }
        answer.facts.append(
            Facts(
                name: String(cString: name), label: info.description.map { String(cString: $0) } ?? "",
                sample: info.sample_spec, map: info.channel_map))
    }
}
