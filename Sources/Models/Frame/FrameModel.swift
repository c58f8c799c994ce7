// A model listening to one stream: features in, activities of instruments out, at every hop.

import NeuralNetwork

/// One stream through a model.
///
/// Everything is allocated in `init`; `process` allocates nothing, takes no lock, and gives the same bits however the
/// stream is cut into blocks. Used from one thread at a time. It looks at no later frame, so it adds no delay to that
/// of the features.
public final class FrameModel {
    /// The model, which streams may share.
    public let file: ModelFile
    private let stream: StreamingNetwork

    /// Loads a model for one stream; see `ModelFile` for what is checked.
    ///
    /// - Parameter maximumFrames: Frames that usually come together; other numbers work and may be slower.
    public convenience init(contentsOf path: String, maximumFrames: Int = 1) throws(ModelError) {
        self.init(try ModelFile(contentsOf: path), maximumFrames: maximumFrames)
    }

    /// Starts one more stream through a model that has been loaded.
    public init(_ file: ModelFile, maximumFrames: Int = 1) {
        self.file = file
        stream = file.network.streaming(maximumFrames: maximumFrames)
    }

    /// The description in the metadata of the file.
    public var description: ModelDescription { file.description }
    /// SHA-256 of the model file.
    public var sha256: String { file.sha256 }
    /// The instruments, in the order of the activities.
    public var classes: [InstrumentClass] { file.description.classes }
    /// Frames on which an activity depends, its own included.
    public var receptiveField: Int { file.network.receptiveField }
    /// Multiply-adds per frame.
    public var multiplyAdds: Int { file.network.multiplyAdds }
    /// Trained parameters.
    public var parameterCount: Int { file.network.parameterCount }

    /// Consumes frames of features and writes one vector of activities, 0 to 1, for each.
    ///
    /// - Parameters:
    ///   - features: `[frames][description.frontEnd.frameSize]`.
    ///   - activities: `[frames][classes.count]`.
    public func process(
        _ features: UnsafePointer<Float>, frames: Int, into activities: UnsafeMutablePointer<Float>
    ) {
        stream.process(features, activities, frames: frames)
    }

    /// Forgets the stream, as after a discontinuity.
    public func reset() { stream.reset() }
}
