// When a recording begins, goes on in another part, and ends: a pure value on the clock of the sound.

/// Follows one source. Positions are frames of its sound.
struct RecordingPlan: Equatable {
    /// What is to be done at a position.
    enum Step: Equatable {
        case begin(cause: String)
        case split
        case end
    }

    private var partBegun: Int64?
    /// Where it ends unless there is another cause before.
    private var endsAt: Int64?

    /// Whether it is recording.
    var isRecording: Bool { partBegun != nil }

    /// What is to be done now.
    ///
    /// - Parameters:
    ///   - position: the position of the next frame.
    ///   - cause: why a recording is to be made, if there is a reason.
    ///   - isForbidden: whether it must end at once.
    ///   - after: frames that are recorded after the last cause.
    ///   - part: frames of a part.
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

    /// Frames from `position` that belong together: nothing is to be done before their end.
    func run(from position: Int64, part: Int64) -> Int64 {
        guard let partBegun else { return .max }
        return min(partBegun + part, endsAt ?? .max) - position
    }

    /// A part was begun whose sound starts here.
    mutating func begun(at position: Int64) {
        partBegun = position
        endsAt = nil
    }

    /// It was ended, by its own step or by a fault.
    mutating func ended() {
        partBegun = nil
        endsAt = nil
    }
}
