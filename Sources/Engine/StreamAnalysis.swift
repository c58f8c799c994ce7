// One stream through resampler, front end and model, hop by hop.

import AudioCore
import Features
import Models

/// The analysis of one mono stream. `init` allocates everything but a resampler, which a new device rate brings;
/// `process` allocates nothing. Analysis thread only.
final class StreamAnalysis {
    /// What one hop came to.
    struct Hop {
        /// Samples at the model's rate from the beginning of the stream to the end of this hop.
        let frame: Int64
        let level: Level
        let silentSamples: Int64
        /// One activity for each class.
        let activities: UnsafePointer<Float>
    }

    /// Samples at the model's rate that were analysed so far: whole hops.
    private(set) var frame: Int64 = 0

    private let configuration: FrontEndConfiguration
    private let frontEnd: FrontEnd
    private let model: FrameModel
    private var meter = LevelMeter()
    private var resampler: Resampler?
    private let hop: UnsafeMutableBufferPointer<Float>
    private var filled = 0
    private let features: UnsafeMutablePointer<Float>
    private let activities: UnsafeMutablePointer<Float>

    init(_ file: ModelFile) {
        configuration = file.description.frontEnd
        frontEnd = FrontEnd(configuration)
        model = FrameModel(file)
        hop = .allocate(capacity: configuration.hop)
        hop.initialize(repeating: 0)
        features = .allocate(capacity: configuration.frameSize)
        features.initialize(repeating: 0, count: configuration.frameSize)
        activities = .allocate(capacity: model.classes.count)
        activities.initialize(repeating: 0, count: model.classes.count)
    }

    deinit {
        hop.deallocate()
        features.deallocate()
        activities.deallocate()
    }

    /// Prepares for samples at `sampleRate`, as after the opening of a device; forgets the past.
    func open(sampleRate: Int) {
        resampler =
            sampleRate == configuration.sampleRate
            ? nil : Resampler(from: sampleRate, to: configuration.sampleRate)
        forget()
    }

    /// Forgets the past: the audio that follows does not continue it. The frame count stands still.
    func reset() {
        resampler?.reset()
        forget()
    }

    private func forget() {
        frontEnd.reset()
        model.reset()
        meter.reset()
        filled = 0
    }

    /// Takes at most 8192 samples at the device's rate and calls `body` for every hop that they complete.
    func process(_ samples: UnsafeBufferPointer<Float>, _ body: (Hop) -> Void) {
        fill(resampler?.process(samples) ?? samples, body)
    }

    /// The stream ends: what the resampler still holds is analysed; samples short of a hop are dropped.
    func finish(_ body: (Hop) -> Void) {
        if let resampler { fill(resampler.flush(), body) }
    }

    private func fill(_ samples: UnsafeBufferPointer<Float>, _ body: (Hop) -> Void) {
        guard let source = samples.baseAddress, let room = hop.baseAddress else { return }
        var taken = 0
        while taken < samples.count {
            let count = min(hop.count - filled, samples.count - taken)
            (room + filled).update(from: source + taken, count: count)
            taken += count
            filled += count
            if filled == hop.count { analyse(body) }
        }
    }

    private func analyse(_ body: (Hop) -> Void) {
        filled = 0
        guard let samples = hop.baseAddress else { return }
        meter.process(repairing: hop)
        frontEnd.process(samples, features)
        model.process(features, frames: 1, into: activities)
        frame += Int64(hop.count)
        body(
            Hop(
                frame: frame, level: meter.reading(), silentSamples: meter.silentRun,
                activities: UnsafePointer(activities)))
    }
}
