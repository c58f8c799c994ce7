// Promise 17: quiet music is heard, and what the room sounds like while nobody plays is not.

import AudioCore
import AudioFiles
import Configuration
import Events
import Foundation
import Models
import SceneFixtures
import Testing

@testable import Engine

@Suite("Quiet inputs") struct QuietInputTests {
    private static let rate = 44_100, hop = 512

    /// Whether the gate of the default settings is open at each hop of a signal.
    ///
    /// - Parameter isHeard: whether an instrument is on while the gate is open; the surest model of all.
    private func gate(_ signal: [Float], isHeard: Bool = false) throws -> [Bool] {
        let defaults = EventSettings()
        let settings = try LevelGate.Settings(
            open: Float(try #require(defaults.gate)), hysteresis: Float(defaults.gateHysteresis),
            hold: defaults.gateHold, aboveFloor: Float(defaults.gateAboveFloor),
            highestFloor: Float(defaults.gateHighestFloor))
        let frameRate = Double(Self.rate) / Double(Self.hop)
        var floor = NoiseFloor(frameRate: frameRate)
        var gate = LevelGate()
        var meter = LevelMeter(sampleRate: Double(Self.rate))
        var block: [Float] = []
        return stride(from: 0, through: signal.count - Self.hop, by: Self.hop).map { start in
            block = Array(signal[start..<start + Self.hop])
            block.withUnsafeMutableBufferPointer { meter.process(repairing: $0) }
            let level = meter.reading().rms
            floor.step(level, highest: settings.highestFloor, isHeard: isHeard && gate.isOpen)
            return gate.step(level, over: floor, settings: settings, frameRate: frameRate)
        }
    }

    private func share(_ open: some Collection<Bool>) -> Double {
        Double(open.count { $0 }) / Double(max(1, open.count))
    }

    /// The signal at this root mean square.
    private func scaled(_ signal: [Float], to decibels: Double) -> [Float] {
        let square = signal.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, signal.count))
        let gain = Float(pow(10, decibels / 20) / max(square.squareRoot(), 1e-12))
        return signal.map { $0 * gain }
    }

    private func noise(seconds: Double) -> [Float] {
        var noise = FalseAlarmTests.SystemNoise()
        return (0..<Int(seconds * Double(Self.rate))).map { _ in Float(noise.next()) }
    }

    /// 50 Hz with the harmonics of a rectifier.
    private func hum(seconds: Double) -> [Float] {
        (0..<Int(seconds * Double(Self.rate))).map { index in
            let phase = 2 * Double.pi * 50 * Double(index) / Double(Self.rate)
            return Float(sin(phase) + 0.5 * sin(2 * phase) + 0.4 * sin(3 * phase) + 0.2 * sin(6 * phase))
        }
    }

    /// Noise that falls by 3 dB an octave down to about 40 Hz, after Voss and McCartney.
    private func pink(seconds: Double) -> [Float] {
        let white = noise(seconds: seconds)
        var rows = [Float](repeating: 0, count: 10)
        return white.enumerated().map { index, value in
            rows[min(9, (index + 1).trailingZeroBitCount)] = value
            return rows.reduce(value, +)
        }
    }

    @Test("Promise 17: hum and steady noise floors do not open the gate", arguments: [-58.0, -65, -75, -90])
    func floors(level: Double) throws {
        let sounds = [
            ("white noise", noise(seconds: 15)), ("hum", hum(seconds: 15)), ("pink noise", pink(seconds: 15)),
            ("hum and hiss", zip(hum(seconds: 15), noise(seconds: 15)).map { $0 + 0.3 * $1 }),
        ]
        for (name, sound) in sounds {
            let open = try gate(scaled(sound, to: level))
            #expect(share(open) == 0, "\(name)")
        }
    }

    @Test("Promise 17: a fan that is switched on is let in for 20 s at most") func fan() throws {
        let quiet = scaled(noise(seconds: 3), to: -80)
        let open = try gate(quiet + scaled(noise(seconds: 60), to: -62))
        let first = try #require(open.firstIndex(of: true))
        let last = try #require(open.lastIndex(of: true))
        let hops = Double(Self.rate) / Double(Self.hop)
        #expect(Double(first) / hops > 2.9 && Double(last) / hops < 23)
    }

    @Test("Promise 17: an organ note is no noise floor: loud for ever, soft for minutes while it is named")
    func organ() throws {
        let floor = scaled(noise(seconds: 2), to: -80)
        let note = Scene.tones([(.organ, 0, 150)], seconds: 150)
        func tail(_ level: Double, isHeard: Bool) throws -> Double {
            share(try gate(floor + scaled(note, to: level), isHeard: isHeard).dropFirst(180))
        }
        #expect(try tail(-20, isHeard: false) == 1)
        #expect(try tail(-54, isHeard: false) == 1)
        let soft = try gate(floor + scaled(note, to: -60), isHeard: true)
        #expect(share(soft[180..<180 + 86 * 120]) == 1)
    }

    @Test("Promise 17: music of -60 dBFS over a quieter floor is heard as at its own level")
    func quiet() throws {
        let scene = try Scene()
        let notes: [(InstrumentClass, Double, Double)] = [
            (.cello, 0.1, 1.4), (.horn, 2.2, 3.5), (.piano, 3.8, 4.6), (.voice, 5, 6.2),
        ]
        let loud = Scene.tones(notes, seconds: 7)
        let hiss = scaled(noise(seconds: 9), to: -78)
        func heard(_ name: String, _ signal: [Float]) throws -> [String] {
            try scene.replay(scene.settings("file:\(try scene.wave(name, signal))")).compactMap { event in
                if case .on(let on) = event.body { on.instrument } else { nil }
            }
        }
        let expected = try heard("loud.wav", loud)
        #expect(expected == ["cello", "horn", "piano", "voice"])
        let music = scaled(loud, to: -60)
        #expect(try heard("at-once.wav", zip(music, hiss).map(+)) == expected)
        let later = [Float](repeating: 0, count: 2 * Self.rate) + music
        #expect(try heard("later.wav", zip(later, hiss).map(+)) == expected)
        #expect(try heard("hiss.wav", hiss).isEmpty)
    }

    /// Real recordings of the set that `TIMBRE_DATA` holds.
    static let recordings = ProcessInfo.processInfo.environment["TIMBRE_DATA"].map { "\($0)/realset/audio" }

    private func recording(_ path: String) throws -> [Float] {
        let reader = try AudioFileReader(path: path)
        let channels = reader.format.channels
        var samples: [Float] = []
        var block = [Float](repeating: 0, count: 4096 * channels)
        while case .frames(let count) = reader.read(&block, capacity: 4096) {
            for frame in 0..<count { samples.append(block[frame * channels]) }
        }
        return samples
    }

    @Test(
        "Promise 17: real music of -60 dBFS opens the gate over a floor of -75 dBFS, real steady noise does not for long",
        .enabled(if: recordings != nil, "TIMBRE_DATA names no folder with real recordings"))
    func real() throws {
        let folder = try #require(Self.recordings)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let music = names.filter { !$0.hasPrefix("noise") && !$0.hasPrefix("speech") }
        let hiss = scaled(noise(seconds: 16), to: -75)
        var shares: [Double] = []
        for name in music.enumerated().filter({ $0.offset % 6 == 0 }).map(\.element) {
            let sound = scaled(try recording("\(folder)/\(name)"), to: -60)
            let later = [Float](repeating: 0, count: 2 * Self.rate) + sound
            let mixed = zip(later, hiss).map(+)
            let open = try gate(mixed)
            let alone = stride(from: 0, through: mixed.count - Self.hop, by: Self.hop).map { start in
                let square = later[start..<start + Self.hop].reduce(0.0) { $0 + Double($1) * Double($1) }
                return 10 * log10(max(1e-12, square / Double(Self.hop))) > -63
            }
            #expect(share(open[..<172]) == 0, "\(name): the floor alone")
            shares.append(share(zip(open, alone).filter(\.1).map(\.0)))
        }
        #expect(shares.count >= 30)
        #expect(shares.allSatisfy { $0 > 0.8 } && shares.reduce(0, +) / Double(shares.count) > 0.98, "\(shares)")
        for name in ["noise_white_-70dBFS.opus", "noise_berklee_water_in_sink1.opus"] {
            let sound = try recording("\(folder)/\(name)")
            // The middle, there and back, so that it goes on without a jump.
            let middle = Array(sound[sound.count / 5..<sound.count * 4 / 5])
            let length = (middle + middle.reversed()).count
            let long = (0..<60 * Self.rate).map { index in
                let place = index % length
                return place < middle.count ? middle[place] : middle[length - 1 - place]
            }
            let open = try gate(scaled(long, to: -65))
            #expect(share(open.dropFirst(open.count / 3)) == 0, "\(name)")
        }
    }
}
