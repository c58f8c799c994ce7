// Figures of recordings in which one instrument plays alone.

/// Recordings with exactly one class present and at most three unknown, by what was reported of them.
public struct SingleSources: Equatable, Sendable {
    /// Most classes that may be unknown.
    public static let unknown = 3

    /// Only what plays was reported.
    public var right = 0
    /// What plays was reported, and beside it what is known to be absent.
    public var mixed = 0
    /// Only what is known to be absent was reported.
    public var wrong = 0
    /// Nothing was reported.
    public var nothing = 0

    /// Collects the recordings of one instrument among these.
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

    /// How many recordings there are.
    public var count: Int { right + mixed + wrong + nothing }
}
