// When a recording begins, goes on in another part, and ends: a pure value on the clock of the sound.

/// Follows one source. Places are frames of its sound.
struct RecordingPlan: Equatable {
    /// What is to be done at a place.
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
    ///   - place: the place of the next frame.
    ///   - cause: why a recording is to be made, if there is a reason.
    ///   - isForbidden: whether it must end at once.
    ///   - after: frames that are recorded after the last cause.
    ///   - part: frames of a part.
    mutating func step(
        at place: Int64, cause: String?, isForbidden: Bool, after: Int64, part: Int64
    ) -> Step? {
        guard let partBegun else { return cause.map { .begin(cause: $0) } }
        if cause != nil {
            endsAt = nil
        } else if endsAt == nil || isForbidden {
            endsAt = isForbidden ? place : place + after
        }
        if let endsAt, place >= endsAt { return .end }
        return place >= partBegun + part ? .split : nil
    }

    /// Frames from `place` that belong together: nothing is to be done before their end.
    func run(from place: Int64, part: Int64) -> Int64 {
        guard let partBegun else { return .max }
        return min(partBegun + part, endsAt ?? .max) - place
    }

    /// A part was begun whose sound starts here.
    mutating func begun(at place: Int64) {
        partBegun = place
        endsAt = nil
    }

    /// It was ended, by its own step or by a fault.
    mutating func ended() {
        partBegun = nil
        endsAt = nil
    }
}
