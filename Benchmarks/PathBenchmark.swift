// The whole path of one hop, samples in and line out, without the threads between.

import Events
import Features
import Foundation
import Models
import NeuralNetwork
import PublishedModels
import SceneFixtures
import TestSupport

func benchmarkPath() throws {
    Benchmark.printHeading("path: samples to line, one hop at a time")
    try path("88 bins, HSF-5, published network", published())
    for precision in Precision.allCases {
        guard let bundled = try? ModelFile(contentsOf: "models/default.safetensors", precision: precision) else {
            return
        }
        try path("the bundled model, \(bundled.network.parameterCount) parameters, \(precision)", bundled)
    }
    Benchmark.printHeading("channels of one device: front end and model, RTF of all of them")
    for precision in Precision.allCases {
        let bundled = try ModelFile(contentsOf: "models/default.safetensors", precision: precision)
        for channels in [1, 4, 16, 32, 64] { try together(channels, bundled, "\(precision)") }
        try together(64, silent: 48, bundled, "\(precision)")
    }
}

/// The published network on constant-Q and HSF-5, with random weights in half precision.
private func published() throws -> ModelFile {
    let architecture = PublishedArchitecture.residual(planes: 2)
    var frontEnd = FrontEndConfiguration.published
    frontEnd.harmonics = 5
    let bytes = try encodeModel(
        "published", network: architecture.network, tensors: randomTensors(for: architecture.network, seed: 1),
        frontEnd: frontEnd, classes: PublishedArchitecture.classes)
    return try ModelFile(bytes, file: "published")
}

/// One hop of each of several channels through one model; some of them are digital silence.
private func together(_ channels: Int, silent: Int = 0, _ file: ModelFile, _ precision: String) throws {
    let configuration = file.description.frontEnd
    let frontEnds = (0..<channels).map { _ in FrontEnd(configuration) }
    let model = FrameModel(file, maximumFrames: 12)
    let streams = (0..<channels).map { _ in model.claimStream() }
    let signals = (0..<channels).map { Signal(hop: configuration.hop, seed: $0 < silent ? nil : UInt64($0)) }
    var features = [Float](repeating: 0, count: channels * configuration.frameSize)
    var activities = [Float](repeating: 0, count: channels * model.classes.count)
    func hop() {
        features.withUnsafeMutableBufferPointer { features in
            guard let first = features.baseAddress else { return }
            for channel in 0..<channels {
                frontEnds[channel].process(signals[channel].nextHop(), first + channel * configuration.frameSize)
            }
        }
        streams.withUnsafeBufferPointer { model.process(features, of: $0, into: &activities) }
    }
    for _ in 0..<2 * model.receptiveField { hop() }
    let name = "\(precision), \(channels) channels" + (silent > 0 ? ", \(silent) of them silent" : "")
    Benchmark(name: name, audioSeconds: 1 / configuration.frameRate).run(seconds: 2, hop)
}

/// Noise without end, a hop at a time; or silence.
private final class Signal {
    private let samples: UnsafeMutablePointer<Float>
    private let hop: Int
    private var next = 0
    /// A second: longer than what the front end sees, so that no hop is like the one before.
    private static let hops = 86

    init(hop: Int, seed: UInt64?) {
        self.hop = hop
        let count = Self.hops * hop
        samples = .allocate(capacity: count)
        samples.initialize(repeating: 0, count: count)
        guard let seed else { return }
        var generator = SeededGenerator(seed)
        samples.update(from: generator.floats(count), count: count)
    }

    deinit { samples.deallocate() }

    func nextHop() -> UnsafePointer<Float> {
        defer { next = (next + 1) % Self.hops }
        return UnsafePointer(samples + next * hop)
    }
}

/// Runs the path for a number of hops and measures nothing: for an instruction counter outside.
func runHops(_ count: Int) throws {
    let hop = try makeHop(try? ModelFile(contentsOf: "models/default.safetensors"))
    for _ in 0..<count { hop() }
}

private func path(_ name: String, _ file: ModelFile) throws {
    let hop = try makeHop(file)
    Benchmark(name: name, audioSeconds: 1 / file.description.frontEnd.frameRate).run(seconds: 2, hop)
}

/// The work of one hop, ready to be done any number of times.
private func makeHop(_ file: ModelFile?) throws -> () -> Void {
    let file = try file ?? published()
    let configuration = file.description.frontEnd
    let frontEnd = FrontEnd(configuration)
    let model = FrameModel(file)
    let signal = Signal(hop: configuration.hop, seed: 1)
    var features = [Float](repeating: 0, count: configuration.frameSize)
    var activities = [Float](repeating: 0, count: model.classes.count)
    let instruments = model.classes.map { Hello.Instrument(name: $0.rawValue, family: $0.family.rawValue) }
    let settings = try TrackerSettings(
        instruments: instruments.map { _ in try HysteresisSettings(on: 0.5, off: 0.3, minimumOn: 30, minimumOff: 60) },
        gate: LevelGate.Settings(open: -60), smoothing: 30, activityRate: 30)
    var tracker = try EventTracker(
        stream: "main", instruments: instruments, clock: StreamClock(rate: configuration.sampleRate),
        hop: configuration.hop, settings: settings)
    var encoder = EventEncoder()
    var frame: Int64 = 0
    var bytes = 0
    return {
        frontEnd.process(signal.nextHop(), &features)
        model.process(features, frames: 1, into: &activities)
        frame += Int64(configuration.hop)
        tracker.feed(frame: frame, activities: activities, peak: -10, rms: -13) { event in
            bytes += encoder.encode(event).count
        }
    }
}
