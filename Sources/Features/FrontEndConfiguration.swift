// The configuration of a front end: rate, hop, bins and planes.

import Glibc

/// The front end with which a frame model was trained. It is stored in the model file and read from nowhere else.
public struct FrontEndConfiguration: Codable, Equatable, Sendable {
    /// Samples per second of the signal that is analysed.
    public var sampleRate: Int
    /// Samples between two frames.
    public var hop: Int
    /// Centre frequency of the lowest bin, in hertz.
    public var minimumFrequency: Double
    /// Number of constant-Q bins.
    public var bins: Int
    /// Number of bins per octave.
    public var binsPerOctave: Int
    /// Partials added to the pitch salience in the harmonic-series plane (HSF-n of Hung & Yang 2018), 0...5; `nil`
    /// when the model uses only the constant-Q.
    public var harmonics: Int?

    enum CodingKeys: String, CodingKey {
        case sampleRate = "sample_rate"
        case hop
        case minimumFrequency = "minimum_frequency"
        case bins
        case binsPerOctave = "bins_per_octave"
        case harmonics
    }

    /// Creates a configuration; see the properties for units.
    public init(
        sampleRate: Int, hop: Int, minimumFrequency: Double, bins: Int, binsPerOctave: Int, harmonics: Int? = nil
    ) {
        self.sampleRate = sampleRate
        self.hop = hop
        self.minimumFrequency = minimumFrequency
        self.bins = bins
        self.binsPerOctave = binsPerOctave
        self.harmonics = harmonics
    }

    /// As published by Hung & Yang 2018, section 4.1: 88 bins from A0, 12 per octave, hop 512 at 44.1 kHz.
    public static let published = FrontEndConfiguration(
        sampleRate: 44_100, hop: 512, minimumFrequency: 27.5, bins: 88, binsPerOctave: 12)

    /// Number of feature planes of one frame: the constant-Q, and the harmonic series when there is one.
    public var planes: Int { harmonics == nil ? 1 : 2 }
    /// Floats of one frame, plane after plane, lowest bin first.
    public var frameSize: Int { planes * bins }
    /// Frames per second.
    public var frameRate: Double { Double(sampleRate) / Double(hop) }

    /// Centre frequency of a bin, in hertz.
    public func frequency(ofBin bin: Int) -> Double {
        minimumFrequency * exp2(Double(bin) / Double(binsPerOctave))
    }
}
