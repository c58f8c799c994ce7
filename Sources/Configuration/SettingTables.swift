// Every key the daemon knows, table by table.

/// The tables of the file. A key that is not here does not exist; a key that is here is read, shown, compared and
/// reloaded by the same few lines as all the others.
enum SettingTables {
    /// Keys of the tables that stand once, by table name, in the order of the documented file.
    static let single: [(table: String, keys: [SettingKey<Settings>])] = [
        ("model", [.text("path", \.modelPath, longest: 4095, or: "bundled", .needsRestart)]),
        (
            "tags",
            [
                .flag("enabled", \.tags.enabled, .needsRestart),
                .text("model", \.tags.modelPath, longest: 4095, or: "bundled", .needsRestart),
                .number("interval", \.tags.interval, 0.96...60, .needsRestart),
                .number("window", \.tags.window, 0.96...61.44, or: "model", .needsRestart),
                tagForm,
                .flag("support_events", \.tags.supportEvents, .needsRestart),
            ]
        ),
        (
            "socket",
            [
                .text("path", \.socket.path, longest: 107, or: "none", .needsRestart),
                .text("group", \.socket.group, longest: 255, or: "none", .needsRestart),
                .integer("maximum_clients", \.socket.maximumClients, 1...1024, .needsRestart),
                .integer("queue_bytes", \.socket.queueBytes, 4096...16_777_216, .needsRestart),
                .integer("lag_seconds", \.socket.lagSeconds, 1...3600, .needsRestart),
            ]
        ),
        (
            "events",
            [
                .number("activity_rate", \.events.activityRate, 0...1000, .appliedNow),
                .number("gate_dbfs", \.events.gate, -120...0, or: "model", .appliedNow),
                .number("gate_hysteresis_db", \.events.gateHysteresis, 0...40, .appliedNow),
                .number("gate_hold_ms", \.events.gateHold, 0...60_000, .appliedNow),
                .number("smoothing_ms", \.events.smoothing, 0...2000, or: "model", .appliedNow),
                .number("minimum_on_ms", \.events.minimumOn, 0...60_000, or: "model", .appliedNow),
                .number("minimum_off_ms", \.events.minimumOff, 0...60_000, or: "model", .appliedNow),
                .text("thresholds", \.events.thresholdsPath, longest: 4095, or: "none", .appliedNow),
            ]
        ),
        ("record", RecordKeys.all),
        ("realtime", [.integer("priority", \.realtimePriority, 0...99, .needsRestart)]),
        ("log", [logLevel]),
    ]

    /// Keys of a `[[stream]]` table.
    static let stream: [SettingKey<StreamSettings>] = [streamName, source, channels, rate]

    /// Keys of an `[instrument.NAME]` table.
    static let instrument: [SettingKey<InstrumentOverride>] = [
        .number("on", \.on, 0.001...1, or: "model", .appliedNow),
        .number("off", \.off, 0.001...1, or: "model", .appliedNow),
        .number("minimum_on_ms", \.minimumOn, 0...60_000, or: "model", .appliedNow),
        .number("minimum_off_ms", \.minimumOff, 0...60_000, or: "model", .appliedNow),
    ]

    private static let logLevel = SettingKey<Settings>(name: "level", reload: .appliedNow) { settings, text in
        guard let level = LogLevel(rawValue: text) else {
            return "is \"\(text)\": write \(LogLevel.allCases.map(\.rawValue).joined(separator: ", "))"
        }
        settings.logLevel = level
        return nil
    } show: {
        $0.logLevel.rawValue
    }

    private static let tagForm = SettingKey<Settings>(name: "form", reload: .needsRestart) { settings, text in
        guard let form = TagSettings.Form(rawValue: text) else { return "is \"\(text)\": write sliding or running" }
        settings.tags.form = form
        return nil
    } show: {
        $0.tags.form.rawValue
    }

    private static let streamName = SettingKey<StreamSettings>(name: "name", reload: .needsRestart) { stream, text in
        let allowed = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
        guard allowed, (1...32).contains(text.utf8.count) else {
            return "is \"\(text)\": write 1 to 32 letters, digits, _ or -"
        }
        stream.name = text
        return nil
    } show: {
        $0.name
    }

    private static let source = SettingKey<StreamSettings>(name: "source", reload: .needsRestart) { stream, text in
        if let problem = SettingKey<StreamSettings>.textProblem(text, longest: 4095) { return problem }
        stream.source = text
        return nil
    } show: {
        $0.source
    }

    private static let channels = SettingKey<StreamSettings>(name: "channels", reload: .needsRestart) { stream, text in
        switch text {
        case "mix": stream.channels = .mix
        case "each": stream.channels = .each
        default:
            guard let channel = Int(text), (1...64).contains(channel) else {
                return "is \"\(text)\": write mix, each, or one channel from 1 to 64"
            }
            stream.channels = .one(channel)
        }
        return nil
    } show: { stream in
        switch stream.channels {
        case .mix: "mix"
        case .each: "each"
        case .one(let channel): String(channel)
        }
    }

    private static let rate = SettingKey<StreamSettings>(name: "rate", reload: .needsRestart) { stream, text in
        let rate = Int(text)
        guard text == "device" || rate.map((8000...384_000).contains) == true else {
            return "is \"\(text)\": write a sample rate from 8000 to 384000, or the word device"
        }
        stream.rate = rate
        return nil
    } show: {
        $0.rate.map { String($0) } ?? "device"
    }
}
