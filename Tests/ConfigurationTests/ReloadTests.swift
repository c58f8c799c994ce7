// Promise 8: SIGHUP with a bad configuration changes nothing; with a good one, it says what it did.

import Configuration
import Foundation
import Testing

@Suite("Promise 8: a reload") struct ReloadTests {
    private let running = Settings()

    private func wanted(_ text: String) throws -> Settings { try Settings(text: text, file: "t.conf") }

    @Test("of the same file changes nothing") func same() {
        let plan = ReloadPlan(running: running, wanted: running)
        #expect(plan.settings == running && plan.applied.isEmpty && plan.waiting.isEmpty)
    }

    @Test("applies what can be applied and names what waits for a restart") func mixed() throws {
        let plan = ReloadPlan(
            running: running,
            wanted: try wanted(
                """
                [[stream]]
                source = pulse:monitor
                [socket]
                maximum_clients = 5
                [events]
                gate_dbfs = -50
                [instrument.violin]
                on = 0.7
                [log]
                level = debug
                """))
        var expected = running
        expected.events.gate = -50
        var violin = InstrumentOverride(instrument: "violin")
        violin.on = 0.7
        expected.events.overrides = [violin]
        expected.logLevel = .debug
        #expect(plan.settings == expected)
        #expect(
            plan.applied.map(\.description) == [
                "events.gate_dbfs: -85 -> -50 (applied now)", "log.level: info -> debug (applied now)",
                "instrument.violin.on: absent -> 0.7 (applied now)",
                "instrument.violin.off: absent -> model (applied now)",
                "instrument.violin.minimum_on_ms: absent -> model (applied now)",
                "instrument.violin.minimum_off_ms: absent -> model (applied now)",
            ])
        #expect(
            plan.waiting.map(\.description) == [
                "stream.main.source: alsa:default -> pulse:monitor (needs a restart)",
                "socket.maximum_clients: 64 -> 5 (needs a restart)",
            ])
    }

    @Test("covers every key: changed alone, it is applied or waits, as its table says") func everyKey() throws {
        let other: [String: String] = [
            "stream.name": "other", "stream.source": "tone:440", "stream.channels": "each", "stream.rate": "48000",
            "model.path": "/m", "model.precision": "int8", "tags.enabled": "false", "tags.model": "/c",
            "tags.interval": "1.92",
            "tags.window": "1.92", "tags.form": "running", "tags.support_events": "false", "socket.path": "/s",
            "socket.group": "g",
            "socket.maximum_clients": "1",
            "socket.queue_bytes": "5000", "socket.lag_seconds": "1", "events.activity_rate": "1",
            "events.gate_dbfs": "-1", "events.gate_above_floor_db": "1", "events.gate_highest_floor_dbfs": "-1",
            "events.gate_hysteresis_db": "1", "events.gate_hold_ms": "1",
            "events.smoothing_ms": "1", "events.minimum_on_ms": "1", "events.minimum_off_ms": "1",
            "instrument.on": "1", "instrument.off": "0.01", "instrument.minimum_on_ms": "1",
            "events.thresholds": "/t", "instrument.minimum_off_ms": "1", "realtime.priority": "1", "log.level": "error",
            "record.folder": "/r", "record.always": "yes", "record.instruments": "oboe", "record.level_dbfs": "-1",
            "record.schedule": "00:00-12:00", "record.before_seconds": "1", "record.after_seconds": "1",
            "record.part_minutes": "1", "record.activity_rate": "1", "record.maximum_megabytes": "1",
            "record.minimum_free_megabytes": "1", "record.keep_days": "1", "record.when_full": "remove_oldest",
        ]
        #expect(Set(other.keys) == Set(Settings.allKeys.map(\.path)))
        for (path, reload) in Settings.allKeys {
            let parts = path.split(separator: ".")
            let table = ["stream": "[[stream]]", "instrument": "[instrument.oboe]"][parts[0]] ?? "[\(parts[0])]"
            let wanted = try wanted("\(table)\n\(parts[1]) = \(try #require(other[path]))")
            let plan = ReloadPlan(running: running, wanted: wanted)
            #expect(plan.settings == (reload == .appliedNow ? wanted : running), "\(path)")
            #expect(plan.applied.isEmpty == (reload == .needsRestart), "\(path)")
            #expect(plan.waiting.isEmpty == (reload == .appliedNow), "\(path)")
            #expect(wanted != running, "\(path)")
        }
    }

    @Test("tells of streams that come, go or change places") func streams() throws {
        let two = try wanted("[[stream]]\nname = a\n[[stream]]\nname = b")
        let swapped = try wanted("[[stream]]\nname = b\n[[stream]]\nname = a")
        #expect(Settings.changes(from: two, to: swapped).map(\.path) == ["stream"])
        #expect(Settings.changes(from: two, to: try wanted("[[stream]]\nname = a")).map(\.new) == [nil, nil, nil, nil])
    }

    @Test("of a file that is refused throws, and so there is nothing to apply") func refused() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "timbred-\(UUID().uuidString).conf")
        defer { try? FileManager.default.removeItem(at: file) }
        for bad in [
            "[events]\ngate_dbfs = -50\nnonsense = 1\n", "[events]\ngate_dbfs = -50\n[instrument.kazoo]\non = 1\n",
        ] {
            try bad.write(to: file, atomically: true, encoding: .utf8)
            #expect(throws: ConfigurationError.self) {
                try ReloadPlan(running: running, file: file.path(), classes: ["violin"])
            }
        }
        try "[instrument.violin]\non = 1\n".write(to: file, atomically: true, encoding: .utf8)
        let plan = try ReloadPlan(running: running, file: file.path(), classes: ["violin"])
        #expect(plan.applied.count == 4)
    }

    @Test("the effective configuration lists every key once") func entries() throws {
        let settings = try wanted("[instrument.violin]\non = 0.5")
        let paths = settings.entries.map(\.path)
        #expect(Set(paths).count == paths.count)
        #expect(paths.count == Settings.allKeys.count)
    }
}
