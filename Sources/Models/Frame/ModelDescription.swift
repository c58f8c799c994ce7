// The description of a frame model: architecture, front end, instruments, thresholds and provenance.

import Features
import JSON
import NeuralNetwork

/// The JSON under the key `description` in a model file's metadata.
public struct ModelDescription: Codable, Equatable, Sendable {
    /// The model's name, for people.
    public var name: String
    /// What it does; `frame` is the activity of instruments at every hop.
    public var task: String
    /// The network.
    public var network: NetworkDescription
    /// The features that the network takes.
    public var frontEnd: FrontEndConfiguration
    /// The instruments, in the order of the network's outputs.
    public var classes: [InstrumentClass]
    /// When an instrument counts as sounding.
    public var thresholds: Thresholds
    /// Time constant of the smoothing of activities, in milliseconds, 0...2000.
    public var smoothingMilliseconds: Double
    /// Shortest event worth reporting, in milliseconds, 0...10000.
    public var minimumOnMilliseconds: PerClass
    /// Shortest pause that ends an event, in milliseconds, 0...10000.
    public var minimumOffMilliseconds: PerClass
    /// What the network's log odds are divided by before anything else, 0.05...20; nil for 1. Above 1 it tempers a
    /// network that is surer than it is right.
    public var temperature: PerClass?
    /// How late the activity rises after a sound began, measured, in milliseconds, -1000...5000; nil where it was
    /// not measured.
    public var delayMilliseconds: PerClass?
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
        case name, task, network, classes, thresholds, temperature, provenance
        case frontEnd = "front_end"
        case smoothingMilliseconds = "smoothing_ms"
        case minimumOnMilliseconds = "minimum_on_ms"
        case minimumOffMilliseconds = "minimum_off_ms"
        case delayMilliseconds = "delay_ms"
        case gateDecibels = "gate_dbfs"
    }
}
