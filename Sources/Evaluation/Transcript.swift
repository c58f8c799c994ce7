// The detections in one recording.

/// The activities at every hop and the segments that became events.
public struct Transcript: Equatable, Sendable {
    /// The classes, in the order of the model.
    public let classes: [String]
    /// Samples between two frames, and their rate in Hz.
    public let hop: Int, rate: Int
    /// Smoothed activities, `[frames][classes]`; frame k is the result of the audio before second `(k + 1) * hop /
    /// rate`.
    public let activities: [Float]
    /// From each `on` to its `off`, for every class, in the order of the classes.
    public let segments: [[TimeSpan]]
    /// The same segments, from the estimated onset of the `on` to the estimated offset of the `off`.
    public let estimates: [[TimeSpan]]
    /// What the health of the stream says besides changes of its state, each with its time.
    public let notices: [String]

    /// Creates a transcript; without estimates, the segments are used in their place.
    public init(
        classes: [String], hop: Int, rate: Int, activities: [Float], segments: [[TimeSpan]],
        estimates: [[TimeSpan]]? = nil, notices: [String] = []
    ) {
        self.estimates = estimates ?? segments
        self.classes = classes
        self.hop = hop
        self.rate = rate
        self.activities = activities
        self.segments = segments
        self.notices = notices
    }

    /// Number of frames.
    public var frames: Int { classes.isEmpty ? 0 : activities.count / classes.count }
    /// Seconds of processed audio.
    public var duration: Double { Double(frames * hop) / Double(rate) }
    /// Seconds between two frames.
    public var hopSeconds: Double { Double(hop) / Double(rate) }

    /// The activities of one class, in order of time.
    public func activity(of index: Int) -> [Float] {
        stride(from: index, to: activities.count, by: classes.count).map { activities[$0] }
    }
}
