// What capture and configuration say, in the words of the events.

import AudioInput
import Configuration
import Events

extension Discontinuity.Reason {
    /// The word for what the capture thread noticed.
    init(_ cause: GapCause) {
        self =
            switch cause {
            case .xrun: .xrun
            case .overload: .overload
            case .reopened: .reopened
            case .suspend: .suspend
            case .clockJump: .clockJump
            }
    }
}

extension Health.State {
    /// The word for a state of a source; a file that failed has ended.
    init(_ state: SourceState) {
        self =
            switch state {
            case .waiting: .waiting
            case .opening: .opening
            case .running: .running
            case .stalled: .stalled
            case .lost: .lost
            case .ended, .failed: .ended
            }
    }
}

extension SourceSpecification {
    /// True for a recording, whose sounds have no wall time.
    var isReplay: Bool {
        if case .file = self { true } else { false }
    }
}

extension ChannelSelection {
    /// The choice as the configuration says it, where channels are counted from 1.
    init(_ channels: StreamSettings.Channels) {
        self =
            switch channels {
            case .mix: .mix
            case .each: .each
            case .one(let number): .channel(number - 1)
            }
    }
}
