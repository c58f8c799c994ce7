// Collects the events of a replay into a transcript.

import Events

/// Collects the events of one stream, with an activity for every frame.
public struct TranscriptCollector {
    private let classes: [String]
    private let hop: Int
    private let rate: Int
    private var activities: [Float] = []
    private var segments: [[TimeSpan]]
    private var estimates: [[TimeSpan]]
    private var health = HealthNotices()

    /// Creates an empty collector.
    public init(classes: [String], hop: Int, rate: Int) {
        self.classes = classes
        self.hop = hop
        self.rate = rate
        segments = Array(repeating: [], count: classes.count)
        estimates = segments
    }

    /// Processes the next event.
    public mutating func take(_ event: Event) {
        guard let position = event.position, case let seconds = position.time.seconds else { return }
        switch event.body {
        case .activity(let activity): activities += activity.levels
        case .on(let on):
            guard let index = classes.firstIndex(of: on.instrument) else { return }
            segments[index].append(TimeSpan(seconds, .infinity))
            estimates[index].append(TimeSpan(on.onset ?? seconds, .infinity))
        case .off(let off):
            guard let index = classes.firstIndex(of: off.instrument), let last = segments[index].indices.last else {
                return
            }
            segments[index][last].end = seconds
            estimates[index][last].end = off.offset ?? seconds
        case .health: health.take(event.body, stream: position.stream, at: seconds)
        default: break
        }
    }

    /// The transcript so far.
    public var heard: Transcript {
        Transcript(
            classes: classes, hop: hop, rate: rate, activities: activities, segments: segments, estimates: estimates,
            notices: health.texts)
    }
}
