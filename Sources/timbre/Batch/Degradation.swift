// Degradations that are applied to recordings on purpose.

import Features
import Glibc

/// One degradation, by its name on the command line.
struct Degradation: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// MP3 at this number of kilobits per second.
        case mp3(kilobits: Double)
        /// A low-pass at this number of hertz.
        case band(hertz: Int)
        /// Pink noise at this number of decibels below the recording's root mean square.
        case pink(decibels: Double)
        /// A gain of this number of decibels.
        case gain(decibels: Double)
    }

    let name: String
    let kind: Kind

    /// The meanings of the names, for help and error messages.
    static let words =
        "mp3 (64 kbit/s), bandNk (no content above N kHz), pinkN (pink noise N dB below the music), -NdB or +NdB (change of the level)"

    /// Parses the name of a degradation.
    init(_ name: String) throws(Failure) {
        self.name = name
        if name == "mp3" {
            kind = .mp3(kilobits: 64)
        } else if let number = Self.number(in: name, between: "band", and: "k"), (1...22).contains(number) {
            kind = .band(hertz: number * 1000)
        } else if let number = Self.number(in: name, between: "pink", and: ""), (0...90).contains(number) {
            kind = .pink(decibels: Double(number))
        } else if let number = Self.number(in: name, between: "-", and: "dB"), (1...90).contains(number) {
            kind = .gain(decibels: -Double(number))
        } else if let number = Self.number(in: name, between: "+", and: "dB"), (1...90).contains(number) {
            kind = .gain(decibels: Double(number))
        } else {
            throw Failure("unknown degradation '\(name)' for --degrade; expected \(Self.words)", .usage)
        }
    }

    private static func number(in name: String, between head: String, and tail: String) -> Int? {
        guard name.hasPrefix(head), name.hasSuffix(tail), name.count > head.count + tail.count else { return nil }
        let digits = name.dropFirst(head.count).dropLast(tail.count)
        return digits.allSatisfy { $0.isASCII && $0.isNumber } && digits.count <= 3 ? Int(digits) : nil
    }

    /// Returns one degraded channel; `DegradedFile` applies the codec.
    func applied(to samples: [Float], rate: Int) -> [Float] {
        switch kind {
        case .mp3: return samples
        case .band(let hertz):
            guard 2 * hertz < rate else { return samples }
            return Self.resampled(Self.resampled(samples, from: rate, to: 2 * hertz), from: 2 * hertz, to: rate)
        case .gain(let decibels):
            let gain = Float(pow(10, decibels / 20))
            return samples.map { $0 * gain }
        case .pink(let decibels):
            var source = PinkNoise()
            let noise = samples.map { _ in source.next() }
            let music = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
            let energy = noise.reduce(0.0) { $0 + $1 * $1 }
            let gain = energy > 0 ? (music / energy).squareRoot() * pow(10, -decibels / 20) : 0
            return zip(samples, noise).map { $0 + Float(gain * $1) }
        }
    }

    /// Returns the samples at another rate, with a transition band of 5 % of the lower band.
    static func resampled(_ samples: [Float], from input: Int, to output: Int) -> [Float] {
        guard input != output else { return samples }
        let resampler = Resampler(from: input, to: output, passBand: 0.95, stopBand: 1.05)
        var result: [Float] = []
        result.reserveCapacity(resampler.length(ofInput: samples.count))
        samples.withUnsafeBufferPointer { all in
            for start in stride(from: 0, to: all.count, by: resampler.maximumBlock) {
                let end = min(all.count, start + resampler.maximumBlock)
                result += resampler.process(UnsafeBufferPointer(rebasing: all[start..<end]))
            }
        }
        result += resampler.flush()
        return result
    }
}
