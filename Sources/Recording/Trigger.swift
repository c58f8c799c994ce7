// Decides whether there is a cause to record now: a pure value.

import Configuration
import Events

/// The inputs of the decision, and the decision.
struct Trigger {
    var settings: RecordSettings
    private var action = RecordingAction.auto
    private var sounding: [(stream: String, instrument: String)] = []
    private var isLoud = false
    private var isScheduled = false

    init(_ settings: RecordSettings) {
        self.settings = settings
    }

    /// The cause of a recording now; `nil` when there is none.
    var cause: String? {
        switch action {
        case .stop: return nil
        case .start: return "asked"
        case .auto: break
        }
        if settings.always { return "always" }
        if isScheduled { return "schedule" }
        if let instrument = sounding.first(where: { isWanted($0.instrument) }) {
            return "instrument \(instrument.instrument)"
        }
        return settings.level != nil && isLoud ? "level" : nil
    }

    /// Whether a user stopped recording, which ends a recording at once.
    var isForbidden: Bool { action == .stop }

    mutating func ask(_ action: RecordingAction) {
        self.action = action
    }

    mutating func note(_ event: Event) {
        guard let stream = event.position?.stream else { return }
        switch event.body {
        case .on(let on): sounding.append((stream, on.instrument))
        case .off(let off): sounding.removeAll { $0.stream == stream && $0.instrument == off.instrument }
        default: break
        }
    }

    /// Records a level in dBFS.
    mutating func note(level: Float) {
        isLoud = settings.level.map { level >= Float($0) } ?? false
    }

    /// Records a minute of the day.
    mutating func note(minute: Int) {
        isScheduled = settings.schedule.contains { $0.contains(minute: minute) }
    }

    private func isWanted(_ instrument: String) -> Bool {
        switch settings.instruments {
        case .none: false
        case .any: true
        case .these(let names): names.contains(instrument)
        }
    }
}
