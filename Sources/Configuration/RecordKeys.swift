// The keys of the [record] table.

/// All keys for recording.
enum RecordKeys {
    /// In the order of the documented file.
    static let all: [SettingKey<Settings>] = [
        .text("folder", \.record.folder, longest: 4000, or: "none", .needsRestart),
        .choice("always", \.record.always, no: "no", yes: "yes", .appliedNow),
        instruments,
        .number("level_dbfs", \.record.level, -120...0, or: "none", .appliedNow),
        schedule,
        .number("before_seconds", \.record.before, 0...300, .appliedNow),
        .number("after_seconds", \.record.after, 0...3600, .appliedNow),
        .number("part_minutes", \.record.partMinutes, 0.1...1440, .appliedNow),
        .number("activity_rate", \.record.activityRate, 0...1000, .appliedNow),
        .number("maximum_megabytes", \.record.maximumMegabytes, 1...1e9, or: "none", .appliedNow),
        .number("minimum_free_megabytes", \.record.minimumFreeMegabytes, 0...1e9, .appliedNow),
        .number("keep_days", \.record.keepDays, 0.01...36_500, or: "none", .appliedNow),
        .choice("when_full", \.record.removesOldest, no: "stop", yes: "remove_oldest", .appliedNow),
    ]

    private static let instruments = SettingKey<Settings>(name: "instruments", reload: .appliedNow) { settings, text in
        switch text {
        case "none": settings.record.instruments = .none
        case "any": settings.record.instruments = .any
        default:
            let names = words(text)
            guard names.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0 > " " } }) else {
                return "is \"\(text)\": write any, none, or names with commas between them"
            }
            settings.record.instruments = .these(names)
        }
        return nil
    } show: { settings in
        switch settings.record.instruments {
        case .none: "none"
        case .any: "any"
        case .these(let names): names.joined(separator: ",")
        }
    }

    private static let schedule = SettingKey<Settings>(name: "schedule", reload: .appliedNow) { settings, text in
        guard text != "none" else {
            settings.record.schedule = []
            return nil
        }
        let spans = words(text).map { DaySpan($0[...]) }
        guard !spans.contains(nil) else {
            return "is \"\(text)\": write none, or times of day as 07:30-09:00,22:00-02:00"
        }
        settings.record.schedule = spans.compactMap(\.self)
        return nil
    } show: {
        $0.record.schedule.isEmpty ? "none" : $0.record.schedule.map(\.description).joined(separator: ",")
    }

    /// Returns the words between commas, without spaces.
    private static func words(_ text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
    }
}
