// One stream through resampler, front end and model, hop by hop.

import AudioCore
import Features
import Models

/// The analysis of one mono stream. `init` allocates everything but a resampler, which a new device rate brings;
/// `process` allocates nothing. Analysis thread only.
final class StreamAnalysis {
    /// What the analysis has to say; `frame` is the end of the hop behind which it comes.
    enum Finding {
        /// A hop was analysed.
        case hop(Hop)
        /// There are new tags.
        case tags(TagAnalysis.Result)
    }

    /// What one hop came to.
    struct Hop {
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
    private let tagging: TagAnalysis?
    private var meter = LevelMeter()
    private var resampler: Resampler?
    private let hop: UnsafeMutableBufferPointer<Float>
    private var filled = 0
    private let features: UnsafeMutablePointer<Float>
    private let activities: UnsafeMutablePointer<Float>

    /// - Parameter clip: how to tag the stream; nil for not at all.
    init(_ file: ModelFile, clip: ClipSettings? = nil) {
        configuration = file.description.frontEnd
        frontEnd = FrontEnd(configuration)
        model = FrameModel(file)
        let sampleRate = configuration.sampleRate
        tagging = clip.map { TagAnalysis($0, sampleRate: sampleRate) }
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
        tagging?.reset(origin: frame)
        filled = 0
    }

    /// Takes at most 8192 samples at the device's rate and calls `body` for every hop that they complete, and behind a
    /// hop for the tags that came with it.
    ///
    /// - Parameter shedding: the analysis falls behind, so tags are to be done without.
    func process(_ samples: UnsafeBufferPointer<Float>, shedding: Bool = false, _ body: (Finding) -> Void) {
        fill(resampler?.process(samples) ?? samples, shedding: shedding, body)
    }

    /// The stream ends: what the resampler still holds is analysed; samples short of a hop are dropped.
    func finish(_ body: (Finding) -> Void) {
        if let resampler { fill(resampler.flush(), shedding: false, body) }
        tagging?.finish { body(.tags($0)) }
    }

    private func fill(_ samples: UnsafeBufferPointer<Float>, shedding: Bool, _ body: (Finding) -> Void) {
        guard let source = samples.baseAddress, let room = hop.baseAddress else { return }
        var taken = 0
        while taken < samples.count {
            let count = min(hop.count - filled, samples.count - taken)
            (room + filled).update(from: source + taken, count: count)
            taken += count
            filled += count
            if filled == hop.count { analyse(shedding: shedding, body) }
        }
    }

    private func analyse(shedding: Bool, _ body: (Finding) -> Void) {
        filled = 0
        guard let samples = hop.baseAddress else { return }
        meter.process(repairing: hop)
        frontEnd.process(samples, features)
        model.process(features, frames: 1, into: activities)
        frame += Int64(hop.count)
        body(
            .hop(
                Hop(
                    level: meter.reading(), silentSamples: meter.silentRun, activities: UnsafePointer(activities))))
        if let tags = tagging?.process(UnsafeBufferPointer(hop), shedding: shedding) { body(.tags(tags)) }
    }
}
