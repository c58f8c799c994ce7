// PipeWire, against a real server and session manager that are killed and robbed of their node.

import AudioCore
import Foundation
import SoundFixtures
import Testing

@testable import AudioInput

@Suite(
    "PipeWire source", .serialized,
    .enabled(if: PipeWireServer.isInstalled, Comment(rawValue: PipeWireServer.reason)))
struct PipeWireSourceTests {
    private func listener(
        _ server: PipeWireServer, node: String? = "speaker.monitor", keeps: Bool = false
    ) throws -> Listener {
        try Listener(
            CallbackSource(PipeWireDriver(node: node, sampleRate: 44_100, remote: server.remote)),
            settings: .hasty, keeps: keeps)
    }

    @Test("what is played into a sink is heard on its monitor, at the node's own rate and channels")
    func monitor() throws {
        let server = try PipeWireServer()
        try server.start()
        let listener = try listener(server, keeps: true)
        #expect(listener.listen { $0.states.last == .running })
        let file = try AudioFile(Listener.tone(seconds: 40, rate: 48_000, channels: 2), as: .wav)
        let player = try server.play(file: file.path)
        #expect(listener.hearsTone(rate: 48_000))
        player.kill()
        #expect(listener.thread.stop())
        #expect(listener.formats == [AudioFormat(sampleRate: 48_000, channels: 2)])
    }

    @Test("promise 1: it starts without a server, finds it when it appears, and again after it crashed")
    func crash() throws {
        let server = try PipeWireServer()
        try listener(server).expectToSurvive(
            saying: "PipeWire is not available", start: { try server.start() }, kill: { server.kill() })
    }

    @Test("promise 11: when the node vanishes the source is lost, and no other one takes its place")
    func vanishes() throws {
        let server = try PipeWireServer()
        try server.start()
        let listener = try listener(server)
        #expect(listener.listen { $0.states.last == .running })
        try server.destroy("speaker")
        #expect(listener.listen { $0.states.last == .waiting })
        #expect(listener.thread.status.message.contains("no such node"))
        #expect(listener.states.contains(.lost))
    }

    @Test("nodes are listed by names that can be opened; an unknown one is refused with what to do")
    func list() throws {
        let server = try PipeWireServer()
        try server.start()
        let nodes = try PipeWireDriver.nodes(remote: server.remote)
        #expect(nodes.map(\.name) == ["speaker.monitor"])
        #expect(nodes.first?.label == "Monitor of Test speaker")
        #expect {
            try CallbackSource(PipeWireDriver(node: "nonesuch", sampleRate: 44_100, remote: server.remote))
                .open(stop: StopFlag())
        } throws: { "\($0)".contains("timbre devices") }
    }

    @Test("a hundred openings leave no descriptor and no thread behind")
    func openings() throws {
        let server = try PipeWireServer()
        try server.start()
        let source = CallbackSource(PipeWireDriver(node: "speaker.monitor", sampleRate: 44_100, remote: server.remote))
        try expectNothingLeft {
            _ = try source.open(stop: StopFlag())
            source.close()
        }
    }
}
