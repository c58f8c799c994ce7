// All keys of the daemon, table by table.

import AudioCore

/// The tables of the file. They contain all keys; every key is parsed, shown, compared and reloaded by the same code.
enum SettingTables {
    /// Keys of the tables that occur once, by table name, in the order of the documented file.
    static let single: [(table: String, keys: [SettingKey<Settings>])] = [
        (
            "model",
            [
                .text("path", \.modelPath, longest: 4095, or: "bundled", .needsRestart),
                .word("precision", \.precision, .needsRestart),
            ]
        ),
        (
            "tags",
            [
                .flag("enabled", \.tags.enabled, .needsRestart),
                .text("model", \.tags.modelPath, longest: 4095, or: "bundled", .needsRestart),
                .number("interval", \.tags.interval, 0.96...60, .needsRestart),
                .number("window", \.tags.window, 0.96...61.44, or: "model", .needsRestart),
                .choice("form", \.tags.isSliding, no: "running", yes: "sliding", .needsRestart),
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
                .number("gate_above_floor_db", \.events.gateAboveFloor, 0...40, .appliedNow),
                .number("gate_highest_floor_dbfs", \.events.gateHighestFloor, -120...0, .appliedNow),
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
        ("log", [.word("level", \.logLevel, .appliedNow)]),
    ]

    /// A line for every extreme of every number of the tables that occur once and of an instrument's, with the name of its
    /// table.
    static let extremes: [(table: String, line: String)] =
        single.flatMap { table, keys in
            keys.flatMap { key in key.extremes.map { (table, "\(key.name) = \($0)") } }
        } + instrument.flatMap { key in key.extremes.map { ("instrument.cello", "\(key.name) = \($0)") } }

    /// Keys of a `[[stream]]` table.
    static let stream: [SettingKey<StreamSettings>] = [streamName, source, channels, rate]

    /// Keys of an `[instrument.NAME]` table.
    static let instrument: [SettingKey<InstrumentOverride>] = [
        .number("on", \.on, 0.001...1, or: "model", .appliedNow),
        .number("off", \.off, 0.001...1, or: "model", .appliedNow),
        .number("minimum_on_ms", \.minimumOn, 0...60_000, or: "model", .appliedNow),
        .number("minimum_off_ms", \.minimumOff, 0...60_000, or: "model", .appliedNow),
    ]

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
        guard let channels = ChannelSelection(text) else {
            return "is \"\(text)\": write mix, each, or one channel from 1 to \(ChannelSelection.limit)"
        }
        stream.channels = channels
        return nil
    } show: {
        $0.channels.description
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
