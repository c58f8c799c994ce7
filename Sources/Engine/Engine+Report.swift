// What an engine says about itself: who it is and how it fares.

import AudioCore
import AudioInput
import Events
import Features
import Glibc
import Models

extension Engine {
    /// The program and its version, as in `hello`.
    public static let software = "timbred \(version)"
    /// The version of the program.
    public static let version = "0.1.0"

    /// Names of all streams known so far, in the order of the configuration.
    public var streams: [String] { sources.flatMap(\.streams) }

    /// The first line a consumer gets.
    public var hello: Hello {
        Hello(
            software: Self.software, stream: streams.first ?? "",
            source: sources.first?.specification.description ?? "", rate: shared.rate, hop: shared.hop,
            instruments: shared.instruments, model: .init(name: file.description.name, sha256: file.sha256),
            tagModel: clip.map { .init(name: $0.file.description.name, sha256: $0.file.sha256) },
            latencyMilliseconds: file.description.latencyMilliseconds, streams: streams)
    }

    /// How the engine fares, for the `status` command: one object per source and the load of the analysis.
    public var status: [Events.JSONValue.Member] {
        [
            .init("software", .string(Self.software)),
            .init("uptime_s", .number(uptime.rounded())),
            .init("model", .string(file.description.name)),
            .init("model_sha256", .string(file.sha256)),
            .init("tag_model", clip.map { .string($0.file.description.name) } ?? .null),
            .init("analysis_load", .number(load)),
            .init("sources", .array(sources.map(\.statusReport))),
        ]
    }

    /// How the lines of a consumer of its own begin, before anything was heard: hello, and a snapshot in which all waits.
    public var greeting: [Event] {
        let waiting = streams.map { Snapshot.StreamHealth(stream: $0, state: .waiting) }
        return [Event(.hello(hello)), Event(.snapshot(Snapshot(active: [], health: waiting)))]
    }

    /// The counts of the engine in Prometheus text format.
    public var metrics: String {
        var text = "# HELP timbred_analysis_load CPU seconds of the analysis per second.\n"
        text += "# TYPE timbred_analysis_load gauge\ntimbred_analysis_load \(load)\n"
        text += "# HELP timbred_uptime_seconds Seconds since the start.\n"
        text += "# TYPE timbred_uptime_seconds gauge\ntimbred_uptime_seconds \(uptime)\n"
        let counts: [(String, String, (SourceStatus) -> Int)] = [
            ("frames", "Frames that came from the source.", \.frames),
            ("lost_frames", "Frames known or estimated to be missing.", \.lost),
            ("openings", "Times the source was opened.", \.opens),
        ]
        for (name, help, count) in counts {
            text += "# HELP timbred_source_\(name)_total \(help)\n# TYPE timbred_source_\(name)_total counter\n"
            for source in sources {
                text += "timbred_source_\(name)_total{source=\"\(source.name)\"} \(count(source.status))\n"
            }
        }
        return text
    }

    /// Class names, in the order of the model.
    public var classes: [String] { shared.instruments.map(\.name) }

    /// Seconds of audio analysed, in the stream that is farthest.
    public var seconds: Double {
        sources.flatMap(\.trackers).map { $0.clock.seconds($0.position) }.max() ?? 0
    }

    /// Why a source failed for good, if one did.
    public var failure: String? {
        sources.first { $0.status.state == .failed }?.failure
    }

    /// Seconds since the engine was made.
    public var uptime: Double { Double(SystemClock.monotonic - begun) * 1e-9 }

    /// CPU seconds of the analysis per second since the start; 1 is a whole core.
    public var load: Double { (analysis?.cpuSeconds ?? 0) / max(uptime, 1e-3) }

    /// Whether every capture thread got the real-time priority that was asked for.
    public var hasRealtimePriority: Bool { captures.allSatisfy(\.isRealtime) }

    /// Whether every thread came round lately; a watchdog is fed only then.
    public var isAlive: Bool {
        let patience: Int64 = 5_000_000_000
        return (analysis?.sinceSign ?? .max) < patience
            && sources.allSatisfy { $0.hasEnded || $0.status.sinceSign < patience }
    }
}

extension ModelDescription {
    /// From a sound's arrival to its event as designed, in milliseconds: the mean wait for the end of a hop, the delay
    /// of the bin at A4, the smoothing and the shortest event.
    public var latencyMilliseconds: Double {
        let octaves = log2(440 / frontEnd.minimumFrequency)
        let bin = Int((Double(frontEnd.binsPerOctave) * octaves).rounded())
        let delay = FrontEnd(frontEnd).delay(ofBin: min(frontEnd.bins - 1, max(0, bin))) / Double(frontEnd.sampleRate)
        return (delay + 0.5 / frontEnd.frameRate) * 1000 + smoothingMilliseconds + minimumOnMilliseconds
    }
}
