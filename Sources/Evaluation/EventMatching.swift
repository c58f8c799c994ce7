// Event-based comparison: matches each reference event with at most one detected event.

/// The conditions for a match, as defined by `sed_eval` (Mesaros, Heittola & Virtanen 2016) and, with other values, by
/// the transcription metrics of `mir_eval` (Raffel et al. 2014).
public struct EventMatching: Equatable, Sendable {
    /// Largest difference between the onsets, in seconds.
    public var onset: Double
    /// Tolerance of the offsets; nil ignores offsets.
    public var offset: Offset?

    /// The tolerance of an offset: the larger of two values.
    public struct Offset: Equatable, Sendable {
        /// A number of seconds.
        public var minimum: Double
        /// A fraction of the reference event's length.
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

    /// Returns whether the detected event `heard` may match `reference`.
    public func accepts(_ reference: TimeSpan, _ heard: TimeSpan) -> Bool {
        guard abs(reference.start - heard.start) <= onset else { return false }
        guard let offset else { return true }
        return abs(reference.end - heard.end) <= max(offset.minimum, offset.share * (reference.end - reference.start))
    }

    /// Returns the counts of one class for the largest possible number of pairs, with each event in at most one pair.
    public func compare(reference: [TimeSpan], heard: [TimeSpan]) -> Counts {
        let hits = pairs(reference: reference, heard: heard)
        return Counts(hits: hits, falseAlarms: heard.count - hits, misses: reference.count - hits)
    }

    /// Returns the size of a largest matching, computed with augmenting paths found breadth first. O(events *
    /// acceptable pairs).
    private func pairs(reference: [TimeSpan], heard: [TimeSpan]) -> Int {
        // Sorted by onset, so that each reference event is compared only with its neighbours.
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
        /// For each reached detected event, the reference event from which it was reached, and the detected event to
        /// which that one is matched.
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
