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
    private static let settings = SupervisorSettings(
        stallAfter: 3_000, firstRetry: 20, longestRetry: 100, settledAfter: 100)

    private func listener(
        _ server: PipeWireServer, node: String? = "speaker.monitor", keeps: Bool = false
    ) throws -> Listener {
        try Listener(
            CallbackSource(PipeWireDriver(node: node, sampleRate: 44_100, remote: server.remote)),
            settings: Self.settings, keeps: keeps)
    }

    /// Ten seconds of 441 Hz in both channels.
    private static let tone: [Float] = (0..<960_000).map { index in
        Float(0.25 * sin(2 * .pi * 441 * Double(index / 2) / 48_000))
    }

    @Test("what is played into a sink is heard on its monitor, at the node's own rate and channels")
    func monitor() throws {
        let server = try PipeWireServer()
        try server.start()
        let listener = try listener(server, keeps: true)
        #expect(listener.listen { $0.states.last == .running })
        let file = try AudioFile(Self.tone, as: .wav)
        let player = try server.play(file: file.path)
        #expect(listener.listen { ($0.samples.max() ?? 0) > 0.2 })
        let start = listener.samples.count + 9_600
        #expect(listener.listen { $0.samples.count >= start + 96_000 })
        player.kill()
        #expect(listener.thread.stop())
        #expect(listener.formats == [AudioFormat(sampleRate: 48_000, channels: 2)])
        let left = stride(from: start, to: start + 96_000, by: 2).map { listener.samples[$0] }
        let crossings = zip(left, left.dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
        #expect((439...443).contains(crossings))
        #expect((left.max() ?? 0) > 0.24 && (left.max() ?? 1) < 0.26)
    }

    @Test("promise 1: it starts without a server, finds it when it appears, and again after it crashed")
    func crash() throws {
        let server = try PipeWireServer()
        let listener = try listener(server)
        #expect(listener.listen { $0.states == [.waiting] })
        #expect(listener.thread.status.message.contains("PipeWire is not there"))
        try server.start()
        #expect(listener.listen { $0.states.last == .running })
        server.kill()
        #expect(listener.listen { $0.states.last == .waiting })
        try server.start()
        #expect(listener.listen { $0.states.last == .running && !$0.gaps.isEmpty })
        #expect(listener.states.filter { $0 != .opening } == [.waiting, .running, .lost, .waiting, .running])
        #expect(listener.gaps.map(\.cause) == [.reopened])
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
        func cycle() throws {
            _ = try source.open(stop: StopFlag())
            source.close()
        }
        try cycle()
        let (descriptors, threads) = (ProcessFacts.descriptors, ProcessFacts.threads)
        for _ in 0..<100 { try cycle() }
        // Other tests of the process open and end theirs meanwhile; a leak would leave a hundred.
        #expect(ProcessFacts.descriptors < descriptors + 50)
        #expect(ProcessFacts.threads < threads + 50)
    }
}
