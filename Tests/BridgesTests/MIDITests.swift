// MIDI: notes and controllers, and the sequencer where the kernel has one.

import Events
import Foundation
import Testing

@testable import Bridges

@Suite struct MIDITests {
    @Test("An instrument is a note while it is on in any stream")
    func notes() {
        var wording = MIDIWording(MIDIMap(channel: 2))
        #expect(
            wording.messages(Say.on("violin", "strings", confidence: 0.5)) == [
                .noteOn(channel: 2, note: 40, velocity: 64)
            ])
        #expect(wording.messages(Say.on("violin", "strings", stream: "desk.2")).isEmpty)
        #expect(wording.messages(Say.off("violin", "strings")).isEmpty)
        #expect(
            wording.messages(Say.off("violin", "strings", stream: "desk.2")) == [.noteOff(channel: 2, note: 40)])
        #expect(wording.messages(Say.off("violin", "strings")).isEmpty)
        #expect(wording.messages(Say.on("theremin", "electronic")).isEmpty)
        #expect(
            wording.messages(Say.on("piano", "keyboard", confidence: 0)) == [.noteOn(channel: 2, note: 0, velocity: 1)])
    }

    @Test("A controller is told when its value changed, and is the highest of all streams")
    func controllers() throws {
        var wording = MIDIWording(MIDIMap(channel: 0))
        let violin = try #require(MIDIMap(channel: 0)["violin"]).controller
        let first = wording.messages(Say.levels(at: 1, violin: 1))
        #expect(first.contains(.control(channel: 0, controller: violin, value: 127)) && first.count == 2)
        #expect(wording.messages(Say.levels(at: 2, violin: 1)).isEmpty)
        #expect(wording.messages(Say.levels(at: 2, stream: "desk.2", violin: 0.5)).isEmpty)
        #expect(wording.messages(Say.levels(at: 3, violin: 0)) == [.control(channel: 0, controller: violin, value: 64)])
    }

    @Test("The usual map gives every instrument a note and a controller of its own")
    func usualMap() {
        let map = MIDIMap(channel: 0)
        let entries = MIDIMap.programs.compactMap { map[$0.instrument] }
        #expect(entries.count == 24)
        #expect(Set(entries.map(\.note)).count == 24 && Set(entries.map(\.controller)).count == 24)
        #expect(entries.allSatisfy { $0.note < 128 && $0.controller < 120 })
    }

    @Test("A file changes the map; a wrong line is refused with its number")
    func mapFile() throws {
        var map = MIDIMap(channel: 0)
        try map.read(Array("# strings\nviolin 60 7 10\n\n cello\t61 # low\r\n".utf8), file: "m")
        #expect(map["violin"] == .init(note: 60, controller: 7, channel: 9))
        #expect(map["cello"]?.note == 61 && map["cello"]?.channel == 0)
        for (text, word) in [
            ("violin", "write INSTRUMENT"), ("\nviolin x", "m:2"), ("violin 128", "note"),
            ("violin 1 120", "controller"),
            ("violin 1 1 17", "channel"), ("violn 1", "did you mean"), ("violin 1 1 1 1", "write"),
            ("violin -1", "0 to 127"),
        ] {
            let error = #expect(throws: SinkFailure.self) { try map.read(Array(text.utf8), file: "m") }
            #expect(error?.description.contains(word) == true, "\(text): \(error?.description ?? "none")")
        }
        #expect(throws: SinkFailure.self) { try map.read([0xFF, 0x20, 0x31], file: "m") }
    }

    @Test(
        "A real receiver gets notes from the virtual port",
        .enabled(
            if: FileManager.default.fileExists(atPath: "/dev/snd/seq") && Peer.has("aseqdump"),
            "the kernel has no ALSA sequencer here (/dev/snd/seq), or aseqdump of alsa-utils is not there"))
    func sequencer() throws {
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        let name = "timbred-\(getpid())"
        try bridge.apply([try SinkSettings("midi:\(name)")])
        #expect(eventually { bridge.statuses.first?.state == .open })
        let dump = try Peer("aseqdump", ["-p", name])
        #expect(eventually { dump.text.contains("Source") })
        daemon.publish(Say.on("violin", "strings", confidence: 0.5), Say.off("violin", "strings"))
        #expect(eventually { dump.text.contains("Note off") })
        #expect(dump.text.contains("note 40, velocity 64"))
    }

    @Test(
        "Without a sequencer the sink says what is missing, and the bridge goes on",
        .enabled(if: !FileManager.default.fileExists(atPath: "/dev/snd/seq"), "the kernel has an ALSA sequencer"))
    func missing() throws {
        let daemon = try FakeDaemon()
        let bridge = try Bridge(socket: daemon.path) { _ in }
        defer { bridge.stop() }
        try bridge.apply([try SinkSettings("midi:timbred")])
        #expect(eventually { bridge.statuses.first?.message.contains("load the module snd-seq") == true })
    }
}
