// The [record] table: its forms and what it refuses.

import Configuration
import Testing

@Suite("The [record] table") struct RecordTableTests {
    private func settings(_ lines: String) throws -> Settings {
        try Settings(text: "[record]\n" + lines, file: "t.conf")
    }

    @Test("reads instruments, times of day and words, and shows them as they were written") func forms() throws {
        let settings = try settings(
            "folder = /srv\nalways = yes\ninstruments = violin, viola\nschedule = 07:30-09:00, 22:00-02:00\n"
                + "keep_days = 0.5\nwhen_full = remove_oldest\n")
        #expect(settings.record.folder == "/srv" && settings.record.always && settings.record.removesOldest)
        #expect(settings.record.instruments == .these(["violin", "viola"]))
        #expect(
            settings.record.schedule.map(\.start) == [450, 1320] && settings.record.schedule.map(\.end) == [540, 120])
        let shown = Dictionary(uniqueKeysWithValues: settings.entries.map { ($0.path, $0.value) })
        #expect(shown["record.instruments"] == "violin,viola")
        #expect(shown["record.schedule"] == "07:30-09:00,22:00-02:00")
        #expect(shown["record.when_full"] == "remove_oldest" && shown["record.maximum_megabytes"] == "none")
    }

    @Test("says when memory does not hold what is to be kept from before a cause") func preRoll() throws {
        #expect(try settings("folder = /srv\nbefore_seconds = 300\n").notes == [])
        var many = try settings("folder = /srv\nbefore_seconds = 300\n")
        many.streams = [StreamSettings(name: "a", rate: 192_000), StreamSettings(name: "b", rate: 192_000)]
        #expect(
            many.notes == [
                "before_seconds = 300: the 256 MiB buffer of recording contains at most 87 s of 2 stereo sources at 192000 Hz"
            ])
        many.record.folder = nil
        #expect(many.notes.isEmpty)
    }

    @Test(
        "refuses what is no such thing, with the line and the remedy",
        arguments: [
            ("always = maybe", "always is \"maybe\": write yes or no"),
            ("instruments = violin,,viola", "write any, none, or names"),
            ("schedule = 7:30-9", "write none, or times of day as 07:30-09:00"),
            ("schedule = 07:30-07:30", "write none, or times of day"),
            ("schedule = 24:00-25:00", "write none, or times of day"),
            ("level_dbfs = 3", "write a number from -120 to 0, or the word none"),
            ("when_full = explode", "write remove_oldest or stop"),
            ("part_minutes = 0", "write a number from 0.1 to 1440"),
            ("befor_seconds = 3", "did you mean before_seconds?"),
        ])
    func refused(_ line: String, _ sentence: String) {
        #expect {
            try settings("# one\n" + line)
        } throws: { error in
            "\(error)".hasPrefix("t.conf:3: ") && "\(error)".contains(sentence)
        }
    }

    @Test("an instrument that the model does not know is refused with its line") func unknown() throws {
        let settings = try settings("\ninstruments = violin,fidel\n")
        #expect {
            try settings.check(classes: ["violin", "viola"], file: "t.conf")
        } throws: { error in
            "\(error)".hasPrefix("t.conf:3: the model has no instrument fidel")
        }
    }

    @Test("a reload applies everything but the folder") func reload() throws {
        let wanted = try settings("folder = /other\nalways = yes\n")
        let plan = ReloadPlan(running: try settings("folder = /srv\n"), wanted: wanted)
        #expect(plan.settings.record.folder == "/srv" && plan.settings.record.always)
        #expect(plan.applied.map(\.path) == ["record.always"] && plan.waiting.map(\.path) == ["record.folder"])
    }
}
