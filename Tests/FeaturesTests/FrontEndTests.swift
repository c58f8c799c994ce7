// The whole front end: range of its values, independence of the input's gain, silence.

import Features
import Testing

@Suite("Front end")
struct FrontEndTests {
    static let configuration = FrontEndConfiguration(
        sampleRate: 44_100, hop: 512, minimumFrequency: 27.5, bins: 112, binsPerOctave: 12, harmonics: 5)

    static func features(_ signal: [Float]) -> [[Float]] {
        let frontEnd = FrontEnd(configuration)
        var frame = [Float](repeating: 0, count: configuration.frameSize)
        return signal.withUnsafeBufferPointer { samples in
            (0..<signal.count / configuration.hop).map { index in
                guard let base = samples.baseAddress else { return [] }
                frontEnd.process(base + index * configuration.hop, &frame)
                return frame
            }
        }
    }

    @Test("All values lie in 0...1, and both planes have something to say")
    func range() throws {
        let frames = Self.features(Signals.music(seconds: 2))
        #expect(frames.allSatisfy { $0.allSatisfy { (0...1).contains($0) } })
        let last = frames[frames.count - 1]
        #expect(try #require(last[..<112].max()) > 0.99)
        #expect(last[112...].contains { $0 > 0.2 })
    }

    @Test("A change of gain by 40 dB is forgotten after five seconds")
    func gainChange() {
        let music = Signals.music(seconds: 9)
        let turned = music.enumerated().map { $0.offset < 88_200 ? $0.element : $0.element * 0.01 }
        let plain = Self.features(music)
        let changed = Self.features(turned)
        let later = plain.count - 100
        for frame in later..<plain.count {
            for bin in 0..<Self.configuration.frameSize {
                #expect(abs(plain[frame][bin] - changed[frame][bin]) < 0.02)
            }
        }
    }

    @Test("Digital silence is zero everywhere")
    func silence() {
        #expect(Self.features([Float](repeating: 0, count: 44_100)).allSatisfy { $0.allSatisfy { $0 == 0 } })
    }
}
