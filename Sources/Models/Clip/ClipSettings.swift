// A clip model and the settings for its use by streams.

/// Validated settings: creating a stream with them cannot fail.
public struct ClipSettings: Sendable {
    /// The method of pooling patches.
    public enum Form: Equatable, Sendable {
        /// Over the last patches, with equal weights.
        case sliding
        /// Over all patches; each fades to 1/e during the time of one window.
        case running
    }

    /// The model, which streams share.
    public let file: ClipModelFile
    /// Number of patches of the window.
    public let window: Int
    /// The method of pooling patches.
    public let form: Form
    /// Number of patches between two sets of tags.
    public let interval: Int

    /// Validates the settings.
    ///
    /// - Parameters:
    ///   - window: number of patches of the window; nil for the model's own; some models allow no other.
    ///   - interval: number of patches between two sets of tags, at least 1.
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
                reason:
                    "\(self.window) patches are requested, and the buffer holds at most \(ClipDescription.longestWindow)"
            )
        }
        guard self.window == description.windowPatches || !file.architecture.hasFixedWindow else {
            throw .window(
                file: file.name,
                reason: "it was trained for \(description.windowPatches) patches and does not support \(self.window)")
        }
        guard form == .sliding || file.architecture.hasRunningForm else {
            throw .window(file: file.name, reason: "its architecture has no running form; use the sliding form")
        }
    }
}
