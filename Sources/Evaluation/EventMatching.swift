// Event-based comparison: which reference events were found, each by an event of its own.

/// When an event counts as found, in the definition of `sed_eval` (Mesaros, Heittola & Virtanen 2016) and, with other
/// numbers, of the transcription metrics of `mir_eval` (Raffel et al. 2014).
public struct EventMatching: Equatable, Sendable {
    /// How far the onsets may lie apart, in seconds.
    public var onset: Double
    /// How far the offsets may lie apart; nil leaves offsets out.
    public var offset: Offset?

    /// The tolerance of an offset.
    public struct Offset: Equatable, Sendable {
        /// At least so many seconds, ...
        public var minimum: Double
        /// ... or this share of the reference event's length.
        public var share: Double

        /// Creates a tolerance.
        public init(minimum: Double, share: Double) {
            self.minimum = minimum
            self.share = share
        }
    }

    /// Creates a definition; the defaults are `sed_eval`'s.
    public init(onset: Double = 0.2, offset: Offset? = Offset(minimum: 0.2, share: 0.5)) {
        self.onset = onset
        self.offset = offset
    }

    /// The definition without offsets.
    public var onsetsOnly: EventMatching { EventMatching(onset: onset, offset: nil) }

    /// Whether the detected event `heard` may match `reference`.
    public func accepts(_ reference: TimeSpan, _ heard: TimeSpan) -> Bool {
        guard abs(reference.start - heard.start) <= onset else { return false }
        guard let offset else { return true }
        return abs(reference.end - heard.end) <= max(offset.minimum, offset.share * (reference.end - reference.start))
    }

    /// Counts for one class: as many pairs as can be made, no event in two of them.
    public func compare(reference: [TimeSpan], heard: [TimeSpan]) -> Counts {
        let hits = pairs(reference: reference, heard: heard)
        return Counts(hits: hits, falseAlarms: heard.count - hits, misses: reference.count - hits)
    }

    /// The size of a largest matching, by augmenting paths found breadth first. O(events * acceptable pairs).
    private func pairs(reference: [TimeSpan], heard: [TimeSpan]) -> Int {
        // By onset, so that each reference event looks at its neighbourhood only.
        let heard = heard.sorted { $0.start < $1.start }
        let candidates = reference.map { event -> [Int] in
            var low = 0
            var high = heard.count
            while low < high {
                let middle = (low + high) / 2
                if event.start - heard[middle].start > onset { low = middle + 1 } else { high = middle }
            }
            return heard[low...].indices.prefix { heard[$0].start - event.start <= onset }.filter {
                accepts(event, heard[$0])
            }
        }
        var holder = [Int?](repeating: nil, count: heard.count)
        return reference.indices.count { Self.augment($0, candidates, &holder) }
    }

    private static func augment(_ root: Int, _ candidates: [[Int]], _ holder: inout [Int?]) -> Bool {
        /// From which reference event each detected event was reached, and which detected event that one is matched to.
        var reached: [Int: (by: Int, holding: Int?)] = [:]
        var queue: [(event: Int, holding: Int?)] = [(root, nil)]
        var next = 0
        while next < queue.count {
            let (event, holding) = queue[next]
            next += 1
            for candidate in candidates[event] where reached[candidate] == nil {
                reached[candidate] = (event, holding)
                if let other = holder[candidate] {
                    queue.append((other, candidate))
                    continue
                }
                var free: Int? = candidate
                while let position = free, let step = reached[position] {
                    holder[position] = step.by
                    free = step.holding
                }
                return true
            }
        }
        return false
    }
}
