// The test tone: its pitch, its level, its pace.

import AudioCore
import System
import Testing

@testable import AudioInput

@Suite("Tone source")
struct ToneSourceTests {
    private func read(_ signal: ToneSignal, level: Double) throws -> [Float] {
        let source = ToneSource(signal: signal, level: level, sampleRate: 44_100)
        #expect(try source.open(stop: StopFlag()) == AudioFormat(sampleRate: 44_100, channels: 1))
        var samples = [Float](repeating: 0, count: 44_100)
        try samples.withUnsafeMutableBufferPointer { samples in
            let base = try #require(samples.baseAddress)
            #expect(source.read(base, capacity: 44_100, timeout: 0) == .frames(44_100))
        }
        return samples
    }

    @Test("a second of 440 Hz has 440 periods and the peak asked for")
    func sine() throws {
        let samples = try read(.sine(440), level: -20)
        #expect(abs((samples.max() ?? 0) - 0.1) < 1e-5)
        let crossings = zip(samples, samples.dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
        #expect((439...440).contains(crossings))
    }

    @Test("noise keeps within its peak, has no offset, and is the same on every run")
    func noise() throws {
        let samples = try read(.noise, level: -6.0206)
        #expect((samples.map(\.magnitude).max() ?? 1) <= 0.5001)
        #expect(abs(samples.reduce(0, +) / 44_100) < 0.01)
        #expect(try samples == read(.noise, level: -6.0206))
    }

    @Test("a frequency beyond half the rate is refused")
    func tooHigh() throws {
        let source = ToneSource(signal: .sine(30_000), level: 0, sampleRate: 44_100)
        #expect(throws: AudioInputError.self) { try source.open(stop: StopFlag()) }
    }

    @Test("it comes like a device: in periods, never ahead of the clock, and never as a spin")
    func pace() throws {
        let began = SystemClock.monotonic
        let listener = try Listener(SourceSpecification("tone:440").make(), keeps: false, name: "t-tone")
        #expect(listener.listen { $0.count > 8_820 })
        let elapsed = Double(SystemClock.monotonic - began) * 1e-9
        #expect(Double(listener.thread.status.frames) <= elapsed * 44_100 + 1)
        #expect(listener.states == [.opening, .running] && listener.gaps.isEmpty)
    }
}
