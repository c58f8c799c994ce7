// What a model file says about itself: architecture, front end, instruments, thresholds and where it comes from.

import Features
import NeuralNetwork

/// The JSON under the key `description` in a model file's metadata.
public struct ModelDescription: Codable, Equatable, Sendable {
    /// The model's name, for people.
    public var name: String
    /// What it does; `frame` is the activity of instruments at every hop.
    public var task: String
    /// The network.
    public var network: NetworkDescription
    /// What the network hears through.
    public var frontEnd: FrontEndConfiguration
    /// The instruments, in the order of the network's outputs.
    public var classes: [InstrumentClass]
    /// When an instrument counts as sounding.
    public var thresholds: Thresholds
    /// Time constant of the smoothing of activities, in milliseconds, 0...2000.
    public var smoothingMilliseconds: Double
    /// Shortest event worth reporting, in milliseconds, 0...10000.
    public var minimumOnMilliseconds: Double
    /// Shortest pause that ends an event, in milliseconds, 0...10000.
    public var minimumOffMilliseconds: Double
    /// Input below this level, in dB of full scale, -120...0, is silence.
    public var gateDecibels: Double
    /// Data, licences, recipe, date and scores, as the training wrote them.
    public var provenance: [String: JSONValue]

    /// Activities above which an instrument starts, and below which it stops, to sound.
    public struct Thresholds: Codable, Equatable, Sendable {
        /// One per class, in (0, 1).
        public var on: [Float]
        /// One per class, in (0, 1), at most the one to start.
        public var off: [Float]

        /// Thresholds for as many classes as either array has.
        public init(on: [Float], off: [Float]) {
            self.on = on
            self.off = off
        }
    }

    enum CodingKeys: String, CodingKey {
        case name, task, network, classes, thresholds, provenance
        case frontEnd = "front_end"
        case smoothingMilliseconds = "smoothing_ms"
        case minimumOnMilliseconds = "minimum_on_ms"
        case minimumOffMilliseconds = "minimum_off_ms"
        case gateDecibels = "gate_dbfs"
    }
}
