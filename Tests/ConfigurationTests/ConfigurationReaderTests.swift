// Promise 7: a bad configuration is refused with the file and the line.

import Configuration
import Foundation
import TestSupport
import Testing

@Suite("Promise 7: the configuration file") struct ConfigurationReaderTests {
    private func read(_ text: String) throws(ConfigurationError) -> Settings {
        try Settings(text: text, file: "t.conf")
    }

    @Test("that is empty means the defaults") func empty() throws {
        #expect(try read("") == Settings())
        #expect(try read("\n\r\n# nothing\n   # here\n") == Settings())
    }

    @Test("may begin with a byte order mark, and is refused at once where it is a FIFO") func opened() throws {
        #expect(try read("\u{FEFF}[log]\nlevel = warning\n").logLevel == .warning)
        let path = NSTemporaryDirectory() + "config-\(UUID().uuidString)"
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        #expect(throws: ConfigurationError.unreadable(file: path, detail: "it is not a regular file")) {
            try Settings(file: path)
        }
    }

    @Test("may set everything") func everything() throws {
        let settings = try read(
            """
            [[stream]]
            name = desk   # the mixing desk
            source = "alsa:hw:CARD=USB,DEV=0 # 1"
            channels = each
            rate = 48000
            [[stream]]
            name = room
            channels = 2
            [model]
            path = "a \\"b\\" \\\\c"
            [tags]
            enabled = false
            model = clip.safetensors
            interval = 1.92
            window = 4.8
            form = running
            [socket]
            path = none
            group = audio
            maximum_clients = 3
            queue_bytes = 4096
            lag_seconds = 5
            [events]
            activity_rate = 86.13
            gate_dbfs = -55.5
            gate_hysteresis_db = 3
            gate_hold_ms = 0
            smoothing_ms = 40
            minimum_on_ms = 50
            minimum_off_ms = 1e2
            [instrument.violin]
            on = 0.7
            off = 0.3
            [instrument.mallet_percussion]
            minimum_on_ms = 0
            [realtime]
            priority = 0
            [log]
            level = debug
            """)
        var expected = Settings()
        expected.streams = [
            StreamSettings(name: "desk", source: "alsa:hw:CARD=USB,DEV=0 # 1", channels: .each, rate: 48_000),
            StreamSettings(name: "room", channels: .channel(1)),
        ]
        expected.tags.enabled = false
        expected.tags.modelPath = "clip.safetensors"
        expected.tags.interval = 1.92
        expected.tags.window = 4.8
        expected.tags.isSliding = false
        expected.modelPath = "a \"b\" \\c"
        expected.socket.path = nil
        expected.socket.group = "audio"
        expected.socket.maximumClients = 3
        expected.socket.queueBytes = 4096
        expected.socket.lagSeconds = 5
        expected.events.activityRate = 86.13
        expected.events.gate = -55.5
        expected.events.gateHysteresis = 3
        expected.events.gateHold = 0
        expected.events.smoothing = 40
        expected.events.minimumOn = 50
        expected.events.minimumOff = 100
        var violin = InstrumentOverride(instrument: "violin")
        violin.on = 0.7
        violin.off = 0.3
        var mallets = InstrumentOverride(instrument: "mallet_percussion")
        mallets.minimumOn = 0
        expected.events.overrides = [violin, mallets]
        expected.realtimePriority = 0
        expected.logLevel = .debug
        #expect(settings == expected)
        #expect(settings.streams.map(\.line) == [1, 6])
    }

    @Test(
        "is refused with file, line and remedy",
        arguments: [
            (
                "[events]\nactivity_rat = 3",
                "t.conf:2: unknown key activity_rat in [events]: did you mean activity_rate?"
            ),
            ("[evnts]", "t.conf:1: unknown table [evnts]: did you mean events?"),
            (
                "[xylophone]",
                "t.conf:1: unknown table [xylophone]: expected one of model, tags, socket, events, record, realtime, log, stream, instrument.NAME"
            ),
            ("a = 1", "t.conf:1: a precedes the first table: move it below its [table]"),
            ("[log]\nlevel = info\nlevel = info", "t.conf:3: duplicate key level in [log]: remove one"),
            ("[log]\n[model]\n[log]", "t.conf:3: duplicate table [log]: merge its keys"),
            (
                "[instrument.a]\n[instrument.a]",
                "t.conf:2: duplicate table [instrument.a]: merge its keys"
            ),
            ("[[log]]", "t.conf:1: only [[stream]] has double brackets: write [log]"),
            ("[stream]", "t.conf:1: a stream requires double brackets: write [[stream]]"),
            ("[log", "t.conf:1: invalid table header: write [name], or [[stream]] for a stream"),
            ("[[stream]", "t.conf:1: invalid table header: write [name], or [[stream]] for a stream"),
            ("[]", "t.conf:1: invalid table header: write [name], or [[stream]] for a stream"),
            ("[log]\nlevel", "t.conf:2: expected \"key = value\", a [table] or a # comment"),
            ("[log]\nlevel =  # none", "t.conf:2: level has no value: write one after the ="),
            (
                "[log]\nLevel = info",
                "t.conf:2: \"Level\" is not a valid key: write lower-case letters, digits and _ before the ="
            ),
            ("[log]\nlevel = loud", "t.conf:2: level is \"loud\": write error, warning, info, debug"),
            ("[log]\nlevel = \"info", "t.conf:2: the quotes of level are not closed: end the value with \""),
            (
                "[log]\nlevel = \"info\" x",
                "t.conf:2: unexpected text after the closing quote of level: only a # comment may follow"
            ),
            ("[log]\nlevel = \"\\n\"", "t.conf:2: a \\ in the quotes of level must precede \" or another \\"),
            (
                "[events]\ngate_dbfs = 1",
                "t.conf:2: gate_dbfs is \"1\": write a number from -120 to 0, or the word model"
            ),
            ("[events]\nactivity_rate = nan", "t.conf:2: activity_rate is \"nan\": write a number from 0 to 1000"),
            ("[events]\nactivity_rate = model", "t.conf:2: activity_rate is \"model\": write a number from 0 to 1000"),
            ("[tags]\nenabled = yes", "t.conf:2: enabled is \"yes\": write true or false"),
            ("[tags]\nform = fading", "t.conf:2: form is \"fading\": write sliding or running"),
            ("[tags]\nwindow = 62", "t.conf:2: window is \"62\": write a number from 0.96 to 61.44, or the word model"),
            ("[realtime]\npriority = 1.5", "t.conf:2: priority is \"1.5\": write a whole number from 0 to 99"),
            ("[[stream]]\nname = a b", "t.conf:2: name is \"a b\": write 1 to 32 letters, digits, _ or -"),
            ("[[stream]]\nchannels = 0", "t.conf:2: channels is \"0\": write mix, each, or one channel from 1 to 64"),
            (
                "[[stream]]\nrate = 44.1k",
                "t.conf:2: rate is \"44.1k\": write a sample rate from 8000 to 384000, or the word device"
            ),
            ("[[stream]]\nsource = \"\"", "t.conf:2: source is empty: write a value"),
            ("[[stream]]\nsource = a\tb", "t.conf:2: source has a control character: remove it"),
            ("[[stream]]\n\n[[stream]]", "t.conf:3: duplicate stream name main: give each stream its own name"),
            (
                "[instrument.violin]\non = 0.3\noff = 0.5",
                "t.conf:1: off, 0.5, is above on, 0.3, for violin: lower off or raise on"
            ),
            (
                "[socket]\npath = /" + String(repeating: "x", count: 107),
                "t.conf:2: path has 108 bytes: write at most 107"
            ),
        ])
    func refused(_ text: String, _ sentence: String) {
        do {
            _ = try read(text)
            Issue.record("it was accepted")
        } catch {
            #expect(error.description == sentence)
        }
    }

    @Test("that is no text is refused with its line") func bytes() {
        for bad: [UInt8] in [[0xFF], [0], [0xC3, 0x28]] {
            #expect(
                throws: ConfigurationError.line(
                    file: "t", line: 2, problem: "the line is not UTF-8 text: save the file as UTF-8")
            ) { try Settings(bytes: [0x23, 0x0A] + bad, file: "t") }
        }
        #expect(throws: ConfigurationError.self) {
            try Settings(bytes: Array(repeating: 0x0A, count: 1_048_577), file: "t")
        }
    }

    @Test("that cannot be read is refused with the system's reason") func unreadable() {
        #expect(throws: ConfigurationError.unreadable(file: "/no/file", detail: "No such file or directory")) {
            try Settings(file: "/no/file")
        }
        #expect(throws: ConfigurationError.unreadable(file: "/tmp", detail: "it is not a regular file")) {
            try Settings(file: "/tmp")
        }
    }

    @Test("that names an instrument the model does not know is refused with its line") func instruments() throws {
        let settings = try read("\n[instrument.violine]\non = 0.5")
        #expect(
            throws: ConfigurationError.line(
                file: "t.conf", line: 2, problem: "the model has no instrument violine: did you mean violin?")
        ) { try settings.check(classes: ["piano", "violin"], file: "t.conf") }
        #expect(throws: Never.self) { try settings.check(classes: ["violine"], file: "t.conf") }
    }

    @Test("that is damaged is read or refused, never a crash") func mutations() throws {
        var generator = SeededGenerator(23)
        let whole = Array(try Data(contentsOf: DocumentedFileTests.file))
        let uncommented = Array(try DocumentedFileTests.uncommented().utf8)
        var refused = 0
        for round in 0..<3000 {
            do {
                _ = try Settings(bytes: mutated(round % 2 == 0 ? whole : uncommented, using: &generator), file: "t")
            } catch {
                refused += 1
            }
        }
        #expect(refused > 300 && refused < 3000)
    }

    @Test("an override of one threshold takes the model's other along where they would cross") func thresholds() {
        var override = InstrumentOverride(instrument: "violin")
        #expect(override.thresholds(modelOn: 0.6, modelOff: 0.4) == (0.6, 0.4))
        override.on = 0.3
        #expect(override.thresholds(modelOn: 0.6, modelOff: 0.4) == (0.3, 0.3))
        override.off = 0.2
        #expect(override.thresholds(modelOn: 0.6, modelOff: 0.4) == (0.3, 0.2))
        override.on = nil
        override.off = 0.8
        #expect(override.thresholds(modelOn: 0.6, modelOff: 0.4) == (0.8, 0.8))
    }
}
