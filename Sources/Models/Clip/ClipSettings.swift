// A clip model and how streams shall use it.

/// A checked choice: no stream can be refused because of it any more.
public struct ClipSettings: Sendable {
    /// How patches are pooled.
    public enum Form: Equatable, Sendable {
        /// Over the last patches, all alike.
        case sliding
        /// Over all patches, of which each fades to 1/e while a window's worth of others follows.
        case running
    }

    /// The model, which streams share.
    public let file: ClipModelFile
    /// Patches of the window.
    public let window: Int
    /// How patches are pooled.
    public let form: Form
    /// Patches from one set of tags to the next.
    public let interval: Int

    /// Checks the choice.
    ///
    /// - Parameters:
    ///   - window: patches of the window; nil for the model's own; some models allow no other.
    ///   - interval: patches from one set of tags to the next, at least 1.
    public init(_ file: ClipModelFile, window: Int? = nil, form: Form = .sliding, interval: Int = 1)
        throws(ModelError)
    {
        precondition(interval > 0)
        let description = file.description
        self.file = file
        self.window = window ?? description.windowPatches
        self.form = form
        self.interval = interval
        guard (1...ClipDescription.longestWindow).contains(self.window) else {
            throw .window(
                file: file.name,
                reason: "\(self.window) patches are asked for, and the buffer holds \(ClipDescription.longestWindow)")
        }
        guard self.window == description.windowPatches || !file.architecture.hasFixedWindow else {
            throw .window(
                file: file.name,
                reason: "it was trained for \(description.windowPatches) patches and cannot have \(self.window)")
        }
        guard form == .sliding || file.architecture.hasRunningForm else {
            throw .window(file: file.name, reason: "its patches cannot fade, and so it has no running form")
        }
    }
}
