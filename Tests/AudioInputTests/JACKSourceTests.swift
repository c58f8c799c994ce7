// JACK, against a real server on its dummy driver, and a real client that plays.

import AudioCore
import CJACK
import Foundation
import SoundFixtures
import System
import Testing

@testable import AudioInput

/// A client with two outputs: a ramp that counts frames on the first, its negative on the second.
private final class RampPlayer {
    private final class State {
        var outputs: [OpaquePointer] = []
        var count: Int32 = 0
    }

    private let client: OpaquePointer
    private let state = State()

    init(server: String, name: String) throws {
        var status = JackStatus(rawValue: 0)
        client = try #require(timbre_jack_open(name, server, &status))
        for index in 1...2 {
            let port = jack_port_register(
                client, "out_\(index)", "32 bit float mono audio", UInt(JackPortIsOutput.rawValue), 0)
            state.outputs.append(try #require(port))
        }
        jack_set_process_callback(
            client,
            { frames, context in
                guard let context else { return 0 }
                let state = Unmanaged<State>.fromOpaque(context).takeUnretainedValue()
                for (channel, port) in state.outputs.enumerated() {
                    let samples = jack_port_get_buffer(port, frames)?.assumingMemoryBound(to: Float.self)
                    for frame in 0..<Int(frames) {
                        let value = Float((state.count + Int32(frame)) % 65_536) / 65_536
                        samples?[frame] = channel == 0 ? value : -value
                    }
                }
                state.count += Int32(frames)
                return 0
            }, Unmanaged.passUnretained(state).toOpaque())
        #expect(jack_activate(client) == 0)
    }

    deinit { jack_client_close(client) }
}

@Suite(
    "JACK source", .serialized, .enabled(if: JACKServer.isInstalled, Comment(rawValue: JACKServer.reason)),
    .enabled(
        if: ProcessInfo.processInfo.environment["TIMBRE_JACK"] == "1",
        "libjack can hold or end the process of the tests: run them alone with TIMBRE_JACK=1")
)
struct JACKSourceTests {
    private static let settings = SupervisorSettings(
        stallAfter: 3_000, firstRetry: 20, longestRetry: 100, settledAfter: 100)

    private func listener(_ server: JACKServer, ports: String = "player", keeps: Bool = false) throws -> Listener {
        try Listener(
            CallbackSource(JACKDriver(ports: ports, server: server.name)), settings: Self.settings, keeps: keeps)
    }

    /// Waits for a server that has just been started.
    private func player(_ server: JACKServer) throws -> RampPlayer {
        for _ in 0..<400 where (try? JACKDriver.clients(server: server.name)) == nil {
            SystemClock.sleep(nanoseconds: 25_000_000)
        }
        return try RampPlayer(server: server.name, name: "player")
    }

    @Test("what a client plays arrives to the sample, interleaved and without a hole")
    func samples() throws {
        let server = JACKServer()
        try server.start()
        let player = try player(server)
        let listener = try listener(server, keeps: true)
        #expect(listener.listen(seconds: 120) { $0.samples.count >= 96_000 })
        #expect(listener.thread.stop(withinMilliseconds: 20_000))
        withExtendedLifetime(player) {}
        server.stop()
        #expect(listener.formats == [AudioFormat(sampleRate: 48_000, channels: 2)])
        // Before the connection there may be silence.
        let begin = (listener.samples.firstIndex { $0 != 0 } ?? 0) / 2 * 2
        let heard = stride(from: begin, to: listener.samples.count - 1, by: 2)
        #expect(heard.allSatisfy { listener.samples[$0] == -listener.samples[$0 + 1] })
        let counts = heard.map { Int(listener.samples[$0] * 65_536) }
        #expect(counts.count > 10_000)
        // The server may miss a period on a busy machine; then it says so, and nothing else is missing.
        let holes = zip(counts, counts.dropFirst()).count { ($0 + 1) % 65_536 != $1 }
        #expect(holes <= listener.gaps.count, "\(holes) holes, \(listener.gaps.count) gaps")
    }

    @Test("promise 1: it starts without a server, and finds it when it appears, and again after it ended")
    func server() throws {
        let server = JACKServer()
        let listener = try listener(server, ports: "")
        #expect(listener.listen { $0.states == [.waiting] })
        #expect(listener.thread.status.message.contains("JACK is not available"))
        try server.start()
        #expect(listener.listen { $0.states.last == .running })
        server.stop()
        #expect(listener.listen { $0.states.last == .waiting })
        try server.start()
        #expect(listener.listen { $0.states.last == .running && !$0.gaps.isEmpty })
        #expect(listener.states.filter { $0 != .opening } == [.waiting, .running, .lost, .waiting, .running])
        #expect(listener.thread.stop(withinMilliseconds: 20_000))
        server.stop()
    }

    @Test("promise 11: a client that goes away is a loss, not silence")
    func vanishes() throws {
        let server = JACKServer()
        try server.start()
        var player: RampPlayer? = try player(server)
        let listener = try listener(server)
        #expect(listener.listen { $0.states.last == .running })
        withExtendedLifetime(player) {}
        player = nil
        #expect(listener.listen { $0.states.last == .waiting })
        #expect(listener.states.contains(.lost))
        #expect(listener.thread.status.message.contains("no such client"))
        #expect(listener.thread.stop(withinMilliseconds: 20_000))
        server.stop()
    }

    @Test("one port is one channel; clients are listed with their channels")
    func ports() throws {
        let server = JACKServer()
        try server.start()
        var player: RampPlayer? = try player(server)
        withExtendedLifetime(player) {}
        let clients = try JACKDriver.clients(server: server.name)
        #expect(clients.first { $0.name == "player" }?.ports == 2)
        #expect(clients.contains { $0.name == "system" })
        let source = CallbackSource(JACKDriver(ports: "player:out_2", server: server.name))
        #expect(try source.open(stop: StopFlag()) == AudioFormat(sampleRate: 48_000, channels: 1))
        source.close()
        player = nil
        server.stop()
    }
}
