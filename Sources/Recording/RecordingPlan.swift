// When a recording begins, continues in another part, and ends: a pure value on the clock of the audio.

/// The plan for one source. Positions are frames of its audio.
struct RecordingPlan: Equatable {
    /// An action at a position.
    enum Step: Equatable {
        case begin(cause: String)
        case split
        case end
    }

    private var partBegun: Int64?
    /// The position at which the recording ends unless there is another cause before.
    private var endsAt: Int64?

    /// Whether it is recording.
    var isRecording: Bool { partBegun != nil }

    /// Returns the action that is due.
    ///
    /// - Parameters:
    ///   - position: the position of the next frame.
    ///   - cause: the reason for recording, if there is one.
    ///   - isForbidden: whether a recording must end at once.
    ///   - after: frames that are recorded after the last cause.
    ///   - part: frames in one part.
    mutating func step(
        at position: Int64, cause: String?, isForbidden: Bool, after: Int64, part: Int64
    ) -> Step? {
        guard let partBegun else { return cause.map { .begin(cause: $0) } }
        if cause != nil {
            endsAt = nil
        } else if endsAt == nil || isForbidden {
            endsAt = isForbidden ? position : position + after
        }
        if let endsAt, position >= endsAt { return .end }
        return position >= partBegun + part ? .split : nil
    }

    /// Returns the number of frames from `position` before the end of which no action is due.
    func run(from position: Int64, part: Int64) -> Int64 {
        guard let partBegun else { return .max }
        return min(partBegun + part, endsAt ?? .max) - position
    }

    /// Records that a part was begun whose audio starts at this position.
    mutating func begun(at position: Int64) {
        partBegun = position
        endsAt = nil
    }

    /// Records that the recording was ended, by an action or by an error.
    mutating func ended() {
        partBegun = nil
        endsAt = nil
    }
}
