// PulseAudio, against a real server that is killed, frozen and robbed of its sinks.

import AudioCore
import Foundation
import SoundFixtures
import Testing

@testable import AudioInput

@Suite("PulseAudio source", .serialized, .enabled(if: PulseServer.isInstalled, Comment(rawValue: PulseServer.reason)))
struct PulseSourceTests {
    private func listener(
        _ server: PulseServer, settings: SupervisorSettings = .hasty, keeps: Bool = false
    ) throws -> Listener {
        try Listener(
            PulseSource(name: "speaker.monitor", server: server.address),
            settings: settings, keeps: keeps)
    }

    @Test("what is played into a sink is heard on its monitor, at the source's own rate and channels")
    func monitor() throws {
        let server = try PulseServer()
        try server.start()
        let listener = try listener(server, keeps: true)
        #expect(listener.listen { $0.states.last == .running })
        // pulse-default-unnamed: whatever name it was asked for, the device that is open has its own.
        #expect(listener.thread.status.device == "speaker.monitor")
        let player = try server.play(Listener.tone(seconds: 40, rate: 44_100))
        #expect(listener.hearsTone(rate: 44_100))
        player.kill()
        #expect(listener.thread.stop())
        #expect(listener.formats == [AudioFormat(sampleRate: 44_100, channels: 2)])
    }

    @Test("promise 1: it starts without a server, finds it when it appears, and again after it crashed")
    func crash() throws {
        let server = try PulseServer()
        try listener(server).expectToSurvive(
            saying: "PulseAudio", start: { try server.start() }, kill: { server.kill() })
    }

    @Test("promise 11: when the source vanishes it is lost, and no other one takes its place")
    func vanishes() throws {
        let server = try PulseServer()
        try server.start(sinks: ["speaker", "other"])
        let listener = try listener(server)
        #expect(listener.listen { $0.states.last == .running })
        try server.command("unload-module", "0")
        #expect(listener.listen { $0.states.last == .waiting })
        #expect(listener.thread.status.message.contains("pulse:speaker.monitor is not available"))
        try server.command("load-module", "module-null-sink", "sink_name=speaker", "rate=48000", "channels=1")
        #expect(listener.listen { $0.states.last == .running })
        #expect(listener.formats.map(\.sampleRate) == [44_100, 48_000])
        #expect(listener.formats.map(\.channels) == [2, 1])
    }

    @Test("a server that hangs is a stall, and a stop is honoured while it hangs")
    func freezes() throws {
        let server = try PulseServer()
        try server.start()
        var impatient = SupervisorSettings.hasty
        impatient.stallAfter = 400
        let listener = try listener(server, settings: impatient)
        #expect(listener.listen { $0.states.last == .running })
        server.signal(SIGSTOP)
        #expect(listener.listen { $0.states.last == .stalled })
        server.signal(SIGCONT)
        #expect(listener.listen { $0.states.last == .running })
        server.signal(SIGSTOP)
        #expect(listener.listen { $0.states.last == .stalled })
        #expect(listener.thread.stop())
    }

    @Test("the default source and the default monitor are found, and an unknown one is named in the error")
    func names() throws {
        let server = try PulseServer()
        try server.start()
        for name in [nil, "@DEFAULT_MONITOR@", "@DEFAULT_SOURCE@"] {
            let source = PulseSource(name: name, server: server.address)
            #expect(try source.open(stop: StopFlag()).channels == 2)
            // Which one that is, the server decides, and the daemon says.
            #expect(source.device == "speaker.monitor")
        }
        let unknown = PulseSource(name: "nonesuch", server: server.address)
        #expect {
            try unknown.open(stop: StopFlag())
        } throws: { error in
            guard case .missing(let source, _)? = error as? AudioInputError else { return false }
            return source == "pulse:nonesuch"
        }
    }

    @Test("the list has every source with its stable name and its description")
    func list() throws {
        let server = try PulseServer()
        try server.start(sinks: ["speaker", "other"])
        let devices = try PulseDevices.list(server: server.address)
        #expect(devices.map(\.name) == ["pulse:speaker.monitor", "pulse:other.monitor"])
        #expect(devices.first?.label == "Monitor of Null Output")
    }

    @Test("a hundred openings and a hundred refusals leave no descriptor and no thread behind")
    func descriptors() throws {
        let server = try PulseServer()
        try server.start()
        let source = PulseSource(name: "speaker.monitor", server: server.address)
        let unknown = PulseSource(name: "nonesuch", server: server.address)
        try expectNothingLeft {
            _ = try source.open(stop: StopFlag())
            source.close()
            _ = try? unknown.open(stop: StopFlag())
        }
    }
}
