// The engine's reports about itself: identity, state and load.

import AudioCore
import AudioInput
import Events
import Features
import Glibc
import JSON
import Models
import NeuralNetwork
import System

extension Engine {
    /// The program and its version, as in `hello`.
    public static let software = "timbred \(version)"
    /// The version of the program.
    public static let version = "0.2.0"

    /// Names of all streams known so far, in the order of the configuration.
    public var streams: [String] { sources.flatMap(\.streams) }

    /// The first line that a consumer receives.
    public var hello: Hello {
        Hello(
            software: Self.software, build: BuildIdentity.description, stream: streams.first ?? "",
            source: sources.first?.specification.description ?? "", rate: shared.rate, hop: shared.hop,
            instruments: shared.instruments, model: .init(name: file.description.name, sha256: file.sha256),
            precision: precision.rawValue,
            tagModel: clip.map { .init(name: $0.file.description.name, sha256: $0.file.sha256) },
            latencyMilliseconds: latency, streams: streams)
    }

    /// Members for the `status` command: one object per source and the load of the analysis.
    public var status: [JSONValue.Member] {
        [
            .init("software", .string(Self.software)),
            .init("build", .string(BuildIdentity.description)),
            .init("uptime_s", .number(uptime.rounded())),
            .init("model", .string(file.description.name)),
            .init("model_sha256", .string(file.sha256)),
            .init("precision", .string(precision.rawValue)),
            .init("tag_model", clip.map { .string($0.file.description.name) } ?? .null),
            .init("analysis_load", .number(load)),
            .init("sources", .array(sources.map(\.statusReport))),
        ]
    }

    /// The first lines for a single consumer, before any audio is processed: `hello`, and a snapshot in which all
    /// streams are `waiting`.
    public var greeting: [Event] {
        let waiting = streams.map { Snapshot.StreamHealth(stream: $0, state: .waiting) }
        return [Event(.hello(hello)), Event(.snapshot(Snapshot(active: [], health: waiting)))]
    }

    /// The state of each stream's gate in Prometheus text format; an unknown noise floor has no line.
    var gateMetrics: String {
        let trackers = sources.flatMap(\.trackers)
        func gauge(_ name: String, _ help: String, _ value: (EventTracker) -> Float?) -> String {
            let head = "# HELP timbred_stream_\(name) \(help)\n# TYPE timbred_stream_\(name) gauge\n"
            return trackers.reduce(head) { text, tracker in
                text + (value(tracker).map { "timbred_stream_\(name){stream=\"\(tracker.stream)\"} \($0)\n" } ?? "")
            }
        }
        return gauge("noise_floor_dbfs", "Noise floor of the stream, dB relative to full scale.", \.noiseFloor)
            + gauge("gate_open", "Whether the gate is open: the sound is above the noise floor.") {
                $0.isGateOpen ? 1 : 0
            }
    }

    /// Class names, in the order of the model.
    public var classes: [String] { shared.instruments.map(\.name) }

    /// Seconds of audio analysed, in the stream that has advanced most.
    public var seconds: Double {
        sources.flatMap(\.trackers).map { $0.clock.seconds($0.position) }.max() ?? 0
    }

    /// Whether all sources have failed.
    public var allFailed: Bool { sources.allSatisfy { $0.status.state == .failed } }

    /// The reason why a source failed permanently, if one did.
    public var failure: String? {
        sources.first { $0.status.state == .failed }?.failure
    }

    /// Seconds since the engine was created.
    public var uptime: Double { Double(SystemClock.monotonic - begun) * 1e-9 }

    /// CPU seconds of all analysis threads per second since the start; 1 is one full core.
    public var load: Double { analyses.reduce(0) { $0 + $1.cpuSeconds } / max(uptime, 1e-3) }

    /// Whether the network is computed with 8 bits on a processor that has no instructions for it.
    public var emulatesBytes: Bool { precision == .int8 && !Precision.int8IsFast }

    /// Whether every capture thread got the requested real-time priority.
    public var hasRealtimePriority: Bool { captures.allSatisfy(\.isRealtime) }

    /// Whether every thread completed an iteration recently; the watchdog is notified only then.
    public var isAlive: Bool {
        let timeout: Int64 = 5_000_000_000
        return !analyses.isEmpty && analyses.allSatisfy { $0.sinceSign < timeout }
            && sources.allSatisfy { $0.hasEnded || $0.status.sinceSign < timeout }
    }
}

extension ModelDescription {
    /// The designed delay from the arrival of a sound to its event, in milliseconds: the mean wait for the end of a
    /// hop, the delay of the bin at A4, the smoothing and the minimum on time, the median where classes differ.
    public var latencyMilliseconds: Double {
        designedRise + smoothingMilliseconds + minimumOnMilliseconds.median
    }

    /// Returns the delay of each class's activity after the beginning of its sound, in milliseconds, for a smoothing
    /// other than the model's: the measured delay, or the designed one where none was measured.
    func delays(smoothing: Double) -> [Double] {
        classes.indices.map { index in
            guard let delayMilliseconds else { return designedRise + smoothing }
            return delayMilliseconds[index] + smoothing - smoothingMilliseconds
        }
    }

    /// Half a hop and the delay of the bin at A4, in milliseconds.
    private var designedRise: Double {
        let octaves = log2(440 / frontEnd.minimumFrequency)
        let bin = Int(saturating: (Double(frontEnd.binsPerOctave) * octaves).rounded())
        let delay = FrontEnd(frontEnd).delay(ofBin: min(frontEnd.bins - 1, max(0, bin))) / Double(frontEnd.sampleRate)
        return (delay + 0.5 / frontEnd.frameRate) * 1000
    }
}
