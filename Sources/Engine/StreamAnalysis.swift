// One stream: resampler, front end and model, hop by hop.

import AudioCore
import Features
import Models

/// The analysis of one mono stream. `init` allocates everything except a resampler, which is allocated for a new
/// device rate; `process` and `reset` allocate nothing. Analysis thread only.
///
/// Hops that are complete wait for the network, because each of its weights is read from memory once for all frames
/// that pass together: several hops of one stream, or one of each of several streams. Level, front end and tags are
/// computed hop by hop. The network's sums do not depend on the other frames, so the findings are identical, bit for
/// bit, whatever passes together.
final class StreamAnalysis {
    /// A result of the analysis; `frame` is the end of the hop after which it is reported.
    enum Finding {
        /// A hop was analysed.
        case hop(Hop)
        /// There are new tags.
        case tags(TagAnalysis.Result)
    }

    /// The result of one hop.
    struct Hop {
        let level: Level
        let silentSamples: Int64
        /// One activity for each class.
        let activities: UnsafePointer<Float>
    }

    /// Samples at the model's rate that were analysed so far: whole hops.
    private(set) var frame: Int64 = 0

    /// Samples of the model's rate received so far, those of the hop that is not complete included.
    var end: Int64 { frame + Int64(waiting * configuration.hop + filled) }

    private let configuration: FrontEndConfiguration
    private let frontEnd: FrontEnd
    private let model: FrameModel
    /// The number of this stream in the model.
    let stream: Int
    private let tagging: TagAnalysis?
    private var meter: LevelMeter
    private var resampler: Resampler?
    /// Largest number of hops that pass through the network together.
    private let together: Int
    /// Number of hops that wait for the network.
    private(set) var waiting = 0
    /// Samples of the hop after them.
    private var filled = 0
    /// Samples, level, features and activities of `together` hops, consecutively.
    private let samples: UnsafeMutableBufferPointer<Float>
    private let levels: UnsafeMutableBufferPointer<(level: Level, silentSamples: Int64)>
    private let features: UnsafeMutableBufferPointer<Float>
    private let activities: UnsafeMutableBufferPointer<Float>

    /// Creates a stream with a model of its own.
    convenience init(_ file: ModelFile, clip: ClipSettings? = nil, together: Int = 1) {
        self.init(FrameModel(file, maximumFrames: together), clip: clip, together: together)
    }

    /// - Parameters:
    ///   - model: the model, which other streams may share.
    ///   - clip: the clip model and its settings; nil for no tags.
    ///   - together: number of hops that may wait; with 1 every hop is reported as soon as it is complete.
    init(_ model: FrameModel, clip: ClipSettings? = nil, together: Int = 1) {
        configuration = model.description.frontEnd
        frontEnd = FrontEnd(configuration)
        self.model = model
        stream = model.claimStream()
        let sampleRate = configuration.sampleRate
        meter = LevelMeter(sampleRate: Double(sampleRate))
        tagging = clip.map { TagAnalysis($0, sampleRate: sampleRate) }
        self.together = together
        samples = .allocate(capacity: together * configuration.hop)
        samples.initialize(repeating: 0)
        levels = .allocate(capacity: together)
        levels.initialize(repeating: (meter.reading(), 0))
        features = .allocate(capacity: together * configuration.frameSize)
        features.initialize(repeating: 0)
        activities = .allocate(capacity: together * model.classes.count)
        activities.initialize(repeating: 0)
    }

    deinit {
        samples.deallocate()
        levels.deallocate()
        features.deallocate()
        activities.deallocate()
    }

    /// Prepares for samples at `sampleRate`, as after a device was opened; resets the state.
    func open(sampleRate: Int) {
        resampler =
            sampleRate == configuration.sampleRate
            ? nil : Resampler(from: sampleRate, to: configuration.sampleRate)
        forget()
    }

    /// Continues with samples at another rate that follow the previous ones without a gap: a second recording in one
    /// file.
    func continues(sampleRate: Int, _ body: (Finding) -> Void) {
        if let resampler { fill(resampler.flush(), shedding: false, body) }
        resampler =
            sampleRate == configuration.sampleRate
            ? nil : Resampler(from: sampleRate, to: configuration.sampleRate)
    }

    /// Resets the state: the audio that follows does not continue the previous audio. The frame count does not change.
    func reset() {
        resampler?.reset()
        forget()
    }

    private func forget() {
        frontEnd.reset()
        model.reset(stream: stream)
        meter.reset()
        tagging?.reset(origin: frame)
        waiting = 0
        filled = 0
    }

    /// Processes at most 8192 samples at the device's rate. Calls `body` for every analysed hop, and after a hop for
    /// its tags. Hops may remain waiting for others; see `settle`.
    ///
    /// - Parameter shedding: whether the analysis falls behind, so tags are not computed.
    func process(_ samples: UnsafeBufferPointer<Float>, shedding: Bool = false, _ body: (Finding) -> Void) {
        fill(resampler?.process(samples) ?? samples, shedding: shedding, body)
    }

    /// Number of samples that complete the next hop; `nil` with a resampler, which delivers in bursts.
    var missing: Int? { resampler == nil ? configuration.hop - filled : nil }

    /// Analyses the waiting hops; returns false when there were none.
    func settle(shedding: Bool = false, _ body: (Finding) -> Void) -> Bool {
        guard waiting > 0, let features = features.baseAddress, let activities = activities.baseAddress else {
            return false
        }
        model.process(features, frames: waiting, of: stream, into: activities)
        complete(activities, shedding: shedding, body)
        return true
    }

    /// The features of the first waiting hop.
    var waitingFeatures: UnsafePointer<Float>? { UnsafePointer(features.baseAddress) }

    /// Reports the waiting hops, whose activities were computed: `[waiting][classes]`.
    func complete(_ activities: UnsafePointer<Float>, shedding: Bool, _ body: (Finding) -> Void) {
        for index in 0..<waiting {
            frame += Int64(configuration.hop)
            let (level, silentSamples) = levels[index]
            let values = activities + index * model.classes.count
            body(.hop(Hop(level: level, silentSamples: silentSamples, activities: values)))
            if let tags = tagging?.process(UnsafeBufferPointer(hop(index)), shedding: shedding) { body(.tags(tags)) }
        }
        // The samples of the incomplete hop move to the position of the next hop.
        if filled > 0, let room = samples.baseAddress {
            room.update(from: room + waiting * configuration.hop, count: filled)
        }
        waiting = 0
    }

    /// Ends the stream: analyses the samples that the resampler still holds and drops samples that do not fill a hop.
    func finish(_ body: (Finding) -> Void) {
        if let resampler { fill(resampler.flush(), shedding: false, body) }
        _ = settle(body)
        tagging?.finish { body(.tags($0)) }
    }

    private func fill(_ source: UnsafeBufferPointer<Float>, shedding: Bool, _ body: (Finding) -> Void) {
        guard let source = source.baseAddress.map({ ($0, source.count) }), let room = samples.baseAddress else {
            return
        }
        var taken = 0
        while taken < source.1 {
            let count = min(configuration.hop - filled, source.1 - taken)
            (room + waiting * configuration.hop + filled).update(from: source.0 + taken, count: count)
            taken += count
            filled += count
            guard filled == configuration.hop else { continue }
            prepare()
            if waiting == together { _ = settle(shedding: shedding, body) }
        }
    }

    /// Performs the per-hop work for a complete hop.
    private func prepare() {
        filled = 0
        let hop = hop(waiting)
        guard let samples = hop.baseAddress, let features = features.baseAddress else { return }
        meter.process(repairing: hop)
        levels[waiting] = (meter.reading(), meter.silentRun)
        frontEnd.process(samples, features + waiting * configuration.frameSize)
        waiting += 1
    }

    private func hop(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(
            rebasing: samples[index * configuration.hop..<(index + 1) * configuration.hop])
    }
}
