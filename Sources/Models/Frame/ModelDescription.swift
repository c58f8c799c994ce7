// The description of a frame model: architecture, front end, instruments, thresholds and provenance.

import Features
import JSON
import NeuralNetwork

/// The JSON under the key `description` in a model file's metadata.
public struct ModelDescription: Codable, Equatable, Sendable {
    /// The model's name, for display.
    public var name: String
    /// The task; `frame` is the activity of instruments at every hop.
    public var task: String
    /// The network.
    public var network: NetworkDescription
    /// The input features of the network.
    public var frontEnd: FrontEndConfiguration
    /// The instruments, in the order of the network's outputs.
    public var classes: [InstrumentClass]
    /// The activities at which an instrument starts and stops.
    public var thresholds: Thresholds
    /// Time constant of the smoothing of activities, in milliseconds, 0...2000.
    public var smoothingMilliseconds: Double
    /// Minimum duration of a reported event, in milliseconds, 0...10000.
    public var minimumOnMilliseconds: PerClass
    /// Minimum pause that ends an event, in milliseconds, 0...10000.
    public var minimumOffMilliseconds: PerClass
    /// The divisor of the network's log odds, 0.05...20; nil for 1. A value above 1 corrects an overconfident network.
    public var temperature: PerClass?
    /// The measured delay of the activity after the beginning of a sound, in milliseconds, -1000...5000; nil where it
    /// was not measured.
    public var delayMilliseconds: PerClass?
    /// Input below this level, in dB of full scale, -120...0, is silence.
    public var gateDecibels: Double
    /// Data, licences, recipe, date and scores, as the training wrote them.
    public var provenance: [String: JSONValue]

    /// Activities above which an instrument starts to sound, and below which it stops.
    public struct Thresholds: Codable, Equatable, Sendable {
        /// One per class, in (0, 1).
        public var on: [Float]
        /// One per class, in (0, 1), at most the `on` threshold.
        public var off: [Float]

        /// Creates thresholds; both arrays have one element per class.
        public init(on: [Float], off: [Float]) {
            self.on = on
            self.off = off
        }
    }

    enum CodingKeys: String, CodingKey {
        case name, task, network, classes, thresholds, temperature, provenance
        case frontEnd = "front_end"
        case smoothingMilliseconds = "smoothing_ms"
        case minimumOnMilliseconds = "minimum_on_ms"
        case minimumOffMilliseconds = "minimum_off_ms"
        case delayMilliseconds = "delay_ms"
        case gateDecibels = "gate_dbfs"
    }
}
