// The sources of one analysis thread, whose streams share a model.

import AudioCore
import Models

/// Turns the sources one after the other, and analyses the hops that their devices have completed together.
///
/// A hop passes through the network as soon as no device has more samples to read. Hops that are complete by then, of
/// the channels of one device or of several devices, pass together, and so do those that were completed while the ones
/// before them were computed, or that are due within 2 ms. So the more there is to do, the less each costs.
/// `init` allocates everything; `turn` allocates only where a source is opened. Analysis thread only.
final class SourceGroup {
    private let sources: [SourceAnalysis]
    private let model: FrameModel
    private let frameSize: Int
    /// One hop of each of several streams: its source and channel, stream of the model, features and activities.
    private let places: UnsafeMutableBufferPointer<(source: Int, channel: Int)>
    private let streams: UnsafeMutableBufferPointer<Int>
    private let features: UnsafeMutablePointer<Float>
    private let activities: UnsafeMutablePointer<Float>
    /// The source whose hops are looked at first: the one that did not fit the last time.
    private var first = 0

    /// Largest number of streams whose hops pass together: the queue to delivery has room for their tags.
    private static let mostStreams = 2 * ChannelSelection.limit

    /// - Parameters:
    ///   - sources: the sources; their `model` is the next parameter.
    ///   - model: the model that all their streams share.
    init(_ sources: [SourceAnalysis], model: FrameModel) {
        self.sources = sources
        self.model = model
        frameSize = model.description.frontEnd.frameSize
        places = .allocate(capacity: Self.mostStreams)
        places.initialize(repeating: (0, 0))
        streams = .allocate(capacity: Self.mostStreams)
        streams.initialize(repeating: 0)
        features = .allocate(capacity: Self.mostStreams * frameSize)
        features.initialize(repeating: 0, count: Self.mostStreams * frameSize)
        activities = .allocate(capacity: Self.mostStreams * model.classes.count)
        activities.initialize(repeating: 0, count: Self.mostStreams * model.classes.count)
    }

    deinit {
        places.deallocate()
        streams.deallocate()
        features.deallocate()
        activities.deallocate()
    }

    /// Gives every source one turn, so that no source waits until another has no more samples; returns false when
    /// there was no work.
    func turn(_ output: inout AnalysisProducer) -> Bool {
        var (worked, mayHaveMore) = (false, false)
        for source in sources where source.turn(&output) {
            worked = true
            if source.isLive { mayHaveMore = true }
        }
        if !mayHaveMore, settle(&output) { worked = true }
        return worked
    }

    /// A device's hop waits for that of another device that is due within this time, in nanoseconds, so that both pass
    /// together.
    static let gathering: Int64 = 2_000_000

    /// The time at which a device delivers the end of the next hop, and others do that are due soon after it, in
    /// nanoseconds of the monotonic clock; `nil` when samples may come before, or none are expected.
    var due: Int64? {
        var earliest: Int64?
        for source in sources {
            if source.isUnpredictable { return nil }
            if let time = source.due { earliest = min(earliest ?? time, time) }
        }
        guard let earliest else { return nil }
        var latest = earliest
        for source in sources {
            if let time = source.due, time - earliest <= Self.gathering { latest = max(latest, time) }
        }
        return latest
    }

    /// Analyses the waiting hops of devices; returns false when there were none or delivery has no room for them.
    private func settle(_ output: inout AnalysisProducer) -> Bool {
        var (count, worked) = (0, false)
        defer { for source in sources where source.isLive && source.waiting == 0 { source.noteSettled() } }
        for step in 0..<sources.count {
            let index = (first + step) % sources.count
            let source = sources[index]
            guard source.isLive, source.waiting > 0 else { continue }
            // The next turn begins with the sources that do not fit.
            guard count + source.streams.count <= Self.mostStreams, output.hasRoom(frames: count + source.waiting)
            else {
                first = index
                break
            }
            for (channel, stream) in source.streams.enumerated() where stream.waiting > 0 {
                // Several hops of one stream pass together as well.
                guard stream.waiting == 1, let frame = stream.waitingFeatures else {
                    if source.settle(channel, &output) { worked = true }
                    continue
                }
                places[count] = (index, channel)
                streams[count] = stream.stream
                (features + count * frameSize).update(from: frame, count: frameSize)
                count += 1
            }
        }
        guard count > 0 else { return worked }
        model.process(features, of: UnsafeBufferPointer(rebasing: streams[..<count]), into: activities)
        for (row, place) in places[..<count].enumerated() {
            sources[place.source].complete(place.channel, activities + row * model.classes.count, &output)
        }
        return true
    }
}
