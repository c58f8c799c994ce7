// A frame model on some streams: features in, activities of instruments out, at every hop.

import Glibc
import NeuralNetwork

/// Streams through a model.
///
/// `init` and `claimStream` allocate everything; `process` allocates nothing, takes no lock, and returns identical bits
/// for all blocks. Only one thread at a time may use it. It uses no later frames, so it adds no delay to that of the
/// features.
///
/// A stream whose features have stayed the same, bit for bit, for as long as the network sees back, as those of a
/// channel of digital silence do, passes through no layer: its activities would be the last ones again, and its state
/// would stay as it is.
public final class FrameModel {
    /// The model, which others may share.
    public let file: ModelFile
    private let network: StreamingNetwork
    private let frameSize: Int
    private let classCount: Int
    private var streams: [Stream] = []
    private var claimed = 0
    /// The frames of a row that have to pass through the layers, their lanes, and their activities.
    private var row: Row

    /// What is remembered of one stream.
    private struct Stream {
        let features: UnsafeMutablePointer<Float>
        let activities: UnsafeMutablePointer<Float>
        /// Number of frames up to the last that are all equal, at most the receptive field.
        var equal = 0
    }

    private struct Row {
        let lanes: UnsafeMutablePointer<Int>
        let indices: UnsafeMutablePointer<Int>
        let features: UnsafeMutablePointer<Float>
        let activities: UnsafeMutablePointer<Float>

        init(frames: Int, frameSize: Int, classes: Int) {
            lanes = .allocate(capacity: frames)
            indices = .allocate(capacity: frames)
            features = .allocate(capacity: frames * frameSize)
            activities = .allocate(capacity: frames * classes)
        }

        func deallocate() {
            lanes.deallocate()
            indices.deallocate()
            features.deallocate()
            activities.deallocate()
        }
    }

    /// Loads a model for one stream; see `ModelFile` for the validation.
    ///
    /// - Parameter maximumFrames: Number of frames that are usually passed together; other numbers work and may be
    ///   slower.
    public convenience init(contentsOf path: String, maximumFrames: Int = 1) throws(ModelError) {
        self.init(try ModelFile(contentsOf: path), maximumFrames: maximumFrames)
    }

    /// Creates one stream through a loaded model.
    public init(_ file: ModelFile, maximumFrames: Int = 1) {
        self.file = file
        network = file.network.streaming(maximumFrames: maximumFrames)
        frameSize = network.inputSize
        classCount = file.description.classes.count
        row = Row(frames: 0, frameSize: 0, classes: 0)
        remember()
    }

    deinit {
        for stream in streams {
            stream.features.deallocate()
            stream.activities.deallocate()
        }
        row.deallocate()
    }

    /// The description in the metadata of the file.
    public var description: ModelDescription { file.description }
    /// SHA-256 of the model file.
    public var sha256: String { file.sha256 }
    /// The instruments, in the order of the activities.
    public var classes: [InstrumentClass] { file.description.classes }
    /// Number of frames on which an activity depends, including its own.
    public var receptiveField: Int { file.network.receptiveField }
    /// Multiply-adds per frame.
    public var multiplyAdds: Int { file.network.multiplyAdds }
    /// Trained parameters.
    public var parameterCount: Int { file.network.parameterCount }

    /// Returns the number of a stream that nobody else has. The first is 0, for which there is room from the start.
    public func claimStream() -> Int {
        if claimed == streams.count {
            network.addLane()
            remember()
        }
        claimed += 1
        return claimed - 1
    }

    private func remember() {
        let stream = Stream(features: .allocate(capacity: frameSize), activities: .allocate(capacity: classCount))
        stream.features.initialize(repeating: 0, count: frameSize)
        stream.activities.initialize(repeating: 0, count: classCount)
        streams.append(stream)
        row.deallocate()
        row = Row(frames: streams.count, frameSize: frameSize, classes: classCount)
    }

    /// Processes frames of features of one stream and writes one vector of activities, 0 to 1, for each.
    ///
    /// - Parameters:
    ///   - features: `[frames][description.frontEnd.frameSize]`.
    ///   - activities: `[frames][classes.count]`.
    public func process(
        _ features: UnsafePointer<Float>, frames: Int, of stream: Int = 0,
        into activities: UnsafeMutablePointer<Float>
    ) {
        guard (0..<frames).contains(where: { !isStill(stream, at: features + $0 * frameSize) }) else {
            for frame in 0..<frames { repeatLast(of: stream, into: activities + frame * classCount) }
            return
        }
        network.process(features, activities, .run(lane: stream, frames: frames))
        for frame in 0..<frames { note(features + frame * frameSize, of: stream) }
        keep(activities + (frames - 1) * classCount, of: stream)
    }

    /// Processes one frame of each of several streams, which are all different: every weight is read once for all.
    ///
    /// - Parameters:
    ///   - features: `[streams][description.frontEnd.frameSize]`.
    ///   - activities: `[streams][classes.count]`.
    public func process(
        _ features: UnsafePointer<Float>, of streams: UnsafeBufferPointer<Int>,
        into activities: UnsafeMutablePointer<Float>
    ) {
        var count = 0
        for index in 0..<streams.count {
            let (stream, frame) = (streams[index], features + index * frameSize)
            guard !isStill(stream, at: frame) else {
                repeatLast(of: stream, into: activities + index * classCount)
                continue
            }
            note(frame, of: stream)
            row.lanes[count] = stream
            row.indices[count] = index
            (row.features + count * frameSize).update(from: frame, count: frameSize)
            count += 1
        }
        guard count > 0 else { return }
        network.process(row.features, row.activities, .row(lanes: UnsafeBufferPointer(start: row.lanes, count: count)))
        for moved in 0..<count {
            let values = row.activities + moved * classCount
            (activities + row.indices[moved] * classCount).update(from: values, count: classCount)
            keep(values, of: row.lanes[moved])
        }
    }

    /// Resets a stream, as after a discontinuity.
    public func reset(stream: Int = 0) {
        network.reset(lane: stream)
        streams[stream].equal = 0
    }

    /// Whether this frame repeats the last one of the stream, and that one all that the network remembers.
    private func isStill(_ stream: Int, at frame: UnsafePointer<Float>) -> Bool {
        streams[stream].equal >= receptiveField && isLast(frame, of: stream)
    }

    private func isLast(_ frame: UnsafePointer<Float>, of stream: Int) -> Bool {
        memcmp(streams[stream].features, frame, frameSize * MemoryLayout<Float>.size) == 0
    }

    private func note(_ frame: UnsafePointer<Float>, of stream: Int) {
        if streams[stream].equal > 0, isLast(frame, of: stream) {
            streams[stream].equal = min(receptiveField, streams[stream].equal + 1)
        } else {
            streams[stream].features.update(from: frame, count: frameSize)
            streams[stream].equal = 1
        }
    }

    private func keep(_ activities: UnsafePointer<Float>, of stream: Int) {
        streams[stream].activities.update(from: activities, count: classCount)
    }

    private func repeatLast(of stream: Int, into activities: UnsafeMutablePointer<Float>) {
        activities.update(from: streams[stream].activities, count: classCount)
    }
}
