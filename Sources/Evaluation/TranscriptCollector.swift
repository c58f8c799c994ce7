// Gathers the events of a replay into what was heard.

import Events

/// Takes the events of one stream, with an activity for every frame.
public struct TranscriptCollector {
    private let classes: [String]
    private let hop: Int
    private let rate: Int
    private var activities: [Float] = []
    private var spells: [[TimeSpan]]

    /// Begins with nothing.
    public init(classes: [String], hop: Int, rate: Int) {
        self.classes = classes
        self.hop = hop
        self.rate = rate
        spells = Array(repeating: [], count: classes.count)
    }

    /// Takes the next event.
    public mutating func take(_ event: Event) {
        guard let seconds = event.place?.time.seconds else { return }
        switch event.body {
        case .activity(let activity): activities += activity.levels
        case .on(let on):
            guard let index = classes.firstIndex(of: on.instrument) else { return }
            spells[index].append(TimeSpan(seconds, .infinity))
        case .off(let off):
            guard let index = classes.firstIndex(of: off.instrument), let last = spells[index].indices.last else {
                return
            }
            spells[index][last].end = seconds
        default: break
        }
    }

    /// What was heard so far.
    public var heard: Transcript {
        Transcript(classes: classes, hop: hop, rate: rate, activities: activities, spells: spells)
    }
}
