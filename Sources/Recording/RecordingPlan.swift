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
    /// The position at which the last cause ended; nil while there is one.
    private(set) var quietSince: Int64?

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
            quietSince = nil
        } else if isForbidden {
            return .end
        } else if quietSince == nil {
            quietSince = position
        }
        if let quietSince, position >= quietSince + after { return .end }
        return position >= partBegun + part ? .split : nil
    }

    /// Returns the number of frames from `position` before the end of which no action is due.
    func run(from position: Int64, part: Int64, after: Int64) -> Int64 {
        guard let partBegun else { return .max }
        return min(partBegun + part, quietSince.map { $0 + after } ?? .max) - position
    }

    /// Records that a part was begun whose audio starts at this position; one that continues another has no cause since
    /// `quietSince`.
    mutating func begun(at position: Int64, quietSince: Int64? = nil) {
        partBegun = position
        self.quietSince = quietSince
    }

    /// Records that the recording was ended, by an action or by an error.
    mutating func ended() {
        partBegun = nil
        quietSince = nil
    }
}
