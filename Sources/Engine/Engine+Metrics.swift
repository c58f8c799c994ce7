// The engine's metrics in Prometheus text format.

import AudioCore
import AudioInput
import Events
import Recording

extension Engine {
    /// The counts and states of the engine in Prometheus text format.
    public var metrics: String {
        var text = ""
        func metric(_ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: String)]) {
            guard !values.isEmpty else { return }
            text += "# HELP timbred_\(name) \(help)\n# TYPE timbred_\(name) \(type)\n"
            for (labels, value) in values { text += "timbred_\(name)\(labels) \(value)\n" }
        }
        metric(
            "build_info", "gauge", "The program that runs.",
            [
                (
                    "{version=\"\(Self.version)\",revision=\"\(BuildIdentity.revision)\",code=\"\(BuildIdentity.code)\"}",
                    "1"
                )
            ])
        metric("analysis_load", "gauge", "CPU seconds of the analysis per second.", [("", "\(load)")])
        metric("uptime_seconds", "gauge", "Seconds since the start.", [("", "\(uptime)")])
        metric("streams", "gauge", "Streams known so far.", [("", "\(streams.count)")])
        metric(
            "source_state", "gauge", "1 for the state that the source is in.",
            sources.flatMap { source in
                SourceState.allCases.map { state in
                    (
                        "{source=\"\(source.name)\",state=\"\(state)\"}",
                        source.state == state ? "1" : "0"
                    )
                }
            })
        metric(
            "source_frames_total", "counter", "Frames that came from the source.",
            sources.map { ("{source=\"\($0.name)\"}", "\($0.status.frames)") })
        metric(
            "source_lost_frames_total", "counter", "Frames that were not analysed, by cause.",
            sources.flatMap { source in
                GapCause.counted.map { cause in
                    ("{source=\"\(source.name)\",cause=\"\(cause.rawValue)\"}", "\(source.status.lost(cause))")
                }
            })
        metric(
            "source_openings_total", "counter", "Times the source was opened.",
            sources.map { ("{source=\"\($0.name)\"}", "\($0.status.opens)") })
        metric(
            "stream_silent", "gauge", "1 while the stream is digital silence.",
            sources.flatMap { source in
                zip(source.streams, source.health).map { ("{stream=\"\($0)\"}", $1 == .silent ? "1" : "0") }
            })
        metric(
            "stream_rms_dbfs", "gauge", "Level of the newest hop.",
            sources.flatMap { source in
                zip(source.streams, source.levels).map { ("{stream=\"\($0)\"}", "\($1)") }
            })
        addRecordings(metric)
        return text + gateMetrics
    }

    private func addRecordings(
        _ metric: (String, String, String, [(labels: String, value: String)]) -> Void
    ) {
        guard let recordings else { return }
        metric(
            "recording_state", "gauge", "1 for what the recording of the source does.",
            recordings.flatMap { recording in
                RecordingStatus.State.allCases.map { state in
                    (
                        "{source=\"\(recording.name)\",state=\"\(state.rawValue)\"}",
                        recording.state == state ? "1" : "0"
                    )
                }
            })
        metric(
            "recording_sessions_total", "counter", "Sessions that were begun.",
            recordings.map { ("{source=\"\($0.name)\"}", "\($0.sessions)") })
        metric(
            "recording_dropped_frames_total", "counter", "Frames that were lost because the disk was too slow.",
            recordings.map { ("{source=\"\($0.name)\"}", "\($0.dropped)") })
        metric(
            "recording_free_bytes", "gauge", "Bytes free on the disk of the sessions, when it was last looked at.",
            recordings.compactMap(\.free).first.map { [("", "\($0)")] } ?? [])
    }
}
