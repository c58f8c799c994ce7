// Figures of recordings with a single instrument.

/// Recordings with exactly one class present and at most three unknown, by the reported classes.
public struct SingleSources: Equatable, Sendable {
    /// Largest number of unknown classes.
    public static let unknown = 3

    /// Number of recordings in which only the present class was reported.
    public var right = 0
    /// Number in which the present class and absent classes were reported.
    public var mixed = 0
    /// Number in which only absent classes were reported.
    public var wrong = 0
    /// Number in which no class was reported.
    public var nothing = 0

    /// Collects the recordings of a single instrument.
    init(_ recordings: [RecordingResult]) {
        for recording in recordings {
            let present = recording.classes.count { $0.isPresent == true }
            let unknown = recording.classes.count { $0.isPresent == nil }
            guard present == 1, unknown <= Self.unknown else { continue }
            let isRight = recording.classes.contains { $0.isPresent == true && $0.reports > 0 }
            let isWrong = recording.classes.contains { $0.isPresent == false && $0.reports > 0 }
            switch (isRight, isWrong) {
            case (true, false): right += 1
            case (true, true): mixed += 1
            case (false, true): wrong += 1
            case (false, false): nothing += 1
            }
        }
    }

    /// Number of recordings.
    public var count: Int { right + mixed + wrong + nothing }
}
