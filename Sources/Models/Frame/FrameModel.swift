// A frame model on one stream: features in, activities of instruments out, at every hop.

import NeuralNetwork

/// One stream through a model.
///
/// `init` allocates everything; `process` allocates nothing, takes no lock, and returns identical bits for all block
/// sizes. Only one thread at a time may use it. It uses no later frames, so it adds no delay to that of the features.
public final class FrameModel {
    /// The model, which streams may share.
    public let file: ModelFile
    private let stream: StreamingNetwork

    /// Loads a model for one stream; see `ModelFile` for the validation.
    ///
    /// - Parameter maximumFrames: Number of frames that are usually passed together; other numbers work and may be
    ///   slower.
    public convenience init(contentsOf path: String, maximumFrames: Int = 1) throws(ModelError) {
        self.init(try ModelFile(contentsOf: path), maximumFrames: maximumFrames)
    }

    /// Creates a stream through a loaded model.
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
    /// Number of frames on which an activity depends, including its own.
    public var receptiveField: Int { file.network.receptiveField }
    /// Multiply-adds per frame.
    public var multiplyAdds: Int { file.network.multiplyAdds }
    /// Trained parameters.
    public var parameterCount: Int { file.network.parameterCount }

    /// Processes frames of features and writes one vector of activities, 0 to 1, for each.
    ///
    /// - Parameters:
    ///   - features: `[frames][description.frontEnd.frameSize]`.
    ///   - activities: `[frames][classes.count]`.
    public func process(
        _ features: UnsafePointer<Float>, frames: Int, into activities: UnsafeMutablePointer<Float>
    ) {
        stream.process(features, activities, frames: frames)
    }

    /// Resets the state, as after a discontinuity.
    public func reset() { stream.reset() }
}
