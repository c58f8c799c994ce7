// ALSA, with the real library on PCMs that need no card.

import AudioCore
import Foundation
import SoundFixtures
import System
import Testing

@testable import AudioInput

@Suite("ALSA source", .serialized)
struct ALSASourceTests {
    private static let settings = SupervisorSettings(
        stallAfter: 3_000, firstRetry: 20, longestRetry: 100, settledAfter: 100)
    /// A second of stereo whose samples tell their own place.
    private static let ramp = (0..<88_200).map { Float($0) / 88_200 }

    private func listener(_ pcm: String, keeps: Bool = false) throws -> Listener {
        try Listener(ALSASource(name: pcm, options: SourceOptions()), settings: Self.settings, keeps: keeps)
    }

    @Test("a PCM is heard sample by sample, at the rate asked for and no faster than real time")
    func capture() throws {
        try ALSAConfiguration.write(ALSAConfiguration.file("ramp", bytes: Self.ramp.withUnsafeBytes { Data($0) }))
        let began = SystemClock.monotonic
        let listener = try listener("ramp", keeps: true)
        #expect(listener.listen { $0.samples.count >= 20_000 })
        #expect(listener.formats == [AudioFormat(sampleRate: 44_100, channels: 2)])
        let elapsed = Double(SystemClock.monotonic - began) * 1e-9
        #expect(Double(listener.thread.status.frames) <= elapsed * 44_100 + 1)
        #expect(listener.gaps.isEmpty)
        #expect(Array(listener.samples.prefix(20_000)) == Array(Self.ramp.prefix(20_000)))
    }

    @Test("a PCM of 32-bit integers comes out as the same floats")
    func integers() throws {
        let words = Self.ramp.map { Int32($0 * 2_147_483_520) }
        try ALSAConfiguration.write(
            ALSAConfiguration.file(
                "words", bytes: words.withUnsafeBytes { Data($0) },
                slave: "{ type linear slave { pcm null format S16_LE } }"))
        let listener = try listener("words", keeps: true)
        #expect(listener.listen { $0.samples.count >= 4_000 })
        let worst = zip(listener.samples, Self.ramp).map { ($0 - $1).magnitude }.max() ?? 1
        #expect(worst < 1e-6)
    }

    @Test("promise 1: it waits for a PCM that is not there yet, and hears it when it appears")
    func appears() throws {
        try ALSAConfiguration.write()
        let listener = try listener("later")
        #expect(listener.listen { $0.states == [.waiting] })
        #expect(listener.thread.status.message.hasPrefix("alsa:later is not available"))
        try ALSAConfiguration.write(ALSAConfiguration.file("later", bytes: Self.ramp.withUnsafeBytes { Data($0) }))
        #expect(listener.listen { $0.states.last == .running })
        #expect(listener.states == [.waiting, .opening, .running])
    }

    @Test("a missing card and a broken PCM are named in the error", arguments: ["hw:CARD=Gone,DEV=0", "broken"])
    func refused(pcm: String) throws {
        try ALSAConfiguration.write()
        #expect {
            try ALSASource(name: pcm, options: SourceOptions()).open(stop: StopFlag())
        } throws: { error in
            (error as? AudioInputError)?.description.hasPrefix("alsa:\(pcm) ") == true
        }
    }

    @Test("two hundred refusals and openings leave no descriptor behind")
    func descriptors() throws {
        try ALSAConfiguration.write(ALSAConfiguration.file("ramp", bytes: Self.ramp.withUnsafeBytes { Data($0) }))
        let good = ALSASource(name: "ramp", options: SourceOptions())
        let bad = ALSASource(name: "hw:CARD=Gone,DEV=0", options: SourceOptions())
        func cycle() throws {
            _ = try good.open(stop: StopFlag())
            good.close()
            _ = try? bad.open(stop: StopFlag())
        }
        try cycle()
        let before = ProcessFacts.descriptors
        for _ in 0..<200 { try cycle() }
        // Other tests run beside this one and hold a few of their own.
        #expect(ProcessFacts.descriptors < before + 50)
    }

    @Test(
        "promise 2: when the server behind ALSA's plugin dies it is noticed, waited for, and heard again",
        .enabled(if: PulseServer.isInstalled && ALSAConfiguration.hasPulsePlugin, "libasound2-plugins is not installed")
    )
    func plugin() throws {
        let server = try PulseServer()
        try server.start()
        try ALSAConfiguration.write(
            "pcm.through { type pulse server \"\(server.address)\" device \"speaker.monitor\" }\n")
        let listener = try listener("through")
        #expect(listener.listen { $0.states.last == .running })
        server.kill()
        #expect(listener.listen { $0.states.last == .waiting })
        try server.start()
        // The gap is marked with the frames that follow it, a moment after the state.
        #expect(listener.listen { $0.states.last == .running && !$0.gaps.isEmpty })
        #expect(listener.gaps.last?.cause == .reopened)
    }

    @Test("the list has the PCMs that can capture under stable names, and not the endless silence of null")
    func list() throws {
        try ALSAConfiguration.write(ALSAConfiguration.file("ramp", bytes: Data(count: 8)))
        #expect(
            ALSADevices.list() == [Device(name: "alsa:ramp", label: "ramp from a file")])
    }
}
