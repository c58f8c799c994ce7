// A recording that could not be evaluated.

/// What was left out of a set and why.
public struct LeftOut: Equatable, Sendable {
    /// The recording's name, or the line of the manifest.
    public var recording: String
    /// A sentence with file and line.
    public var problem: String

    /// Creates an entry.
    public init(_ recording: String, _ problem: String) {
        self.recording = recording
        self.problem = problem
    }
}
