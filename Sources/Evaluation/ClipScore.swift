// One number for a whole recording from the activities of its frames: the only definition.

/// The clip-level score of a class.
public enum ClipScore {
    /// The mean of the highest tenth of a recording's activities, at least of one; 0 for no activities.
    ///
    /// The activities are those that the events are decided on: smoothed, and 0 while the gate is shut.
    public static func of(_ activities: [Float]) -> Double {
        guard !activities.isEmpty else { return 0 }
        let count = max(1, activities.count / 10)
        return activities.sorted(by: >).prefix(count).reduce(0) { $0 + Double($1) } / Double(count)
    }
}
