// The [record] table in the words of the recorder.

import Configuration
import Recording

extension RecordingSettings {
    /// What the table says; `nil` when nothing may be recorded.
    init?(_ settings: RecordSettings) {
        guard let folder = settings.folder else { return nil }
        self.init(folder: folder)
        trigger.always = settings.always
        switch settings.instruments {
        case .none: trigger.instruments = .these([])
        case .any: trigger.instruments = .any
        case .these(let names): trigger.instruments = .these(Set(names))
        }
        trigger.level = settings.level.map(Float.init)
        trigger.schedule = Schedule(settings.schedule.map { .init(start: $0.start, end: $0.end) })
        before = settings.before
        after = settings.after
        part = settings.partMinutes * 60
        activityRate = settings.activityRate
        retention.maximumBytes = settings.maximumMegabytes.map { Int64($0 * 1e6) }
        retention.minimumFree = Int64(settings.minimumFreeMegabytes * 1e6)
        retention.maximumAge = settings.keepDays.map { $0 * 86_400 }
        retention.removesOldest = settings.removesOldest
    }
}
