// The description of a clip model.

import JSON

/// The JSON under the key `description` in the metadata of a clip model's file.
public struct ClipDescription: Codable, Equatable, Sendable {
    /// The model's name, for display.
    public var name: String
    /// The task: `clip`.
    public var task: String
    /// The input features: `vggish_log_mel`, see `LogMel`.
    public var frontEnd: String
    /// The name of the network, see `ClipArchitecture`.
    public var architecture: String
    /// Channels of the first convolution, 64 as published, or, for a system with glimpses, units of the core, 256 as
    /// published. All other widths depend on it.
    public var width: Int?
    /// Patches of the default window; 10 as published.
    public var windowPatches: Int
    /// The instruments, in the order of the outputs.
    public var classes: [InstrumentClass]
    /// The families of a hierarchical system, in the order of the outputs; nil for all others.
    public var families: [InstrumentFamily]?
    /// Probabilities from which an instrument is reported, one per class, in (0, 1).
    public var thresholds: [Float]
    /// Data, licences, recipe, date and scores, as the training wrote them.
    public var provenance: [String: JSONValue]

    /// Largest number of patches of a window: about one minute.
    public static let longestWindow = 64

    enum CodingKeys: String, CodingKey {
        case name, task, architecture, width, classes, families, thresholds, provenance
        case frontEnd = "front_end"
        case windowPatches = "window_patches"
    }

    /// Describes a model; see the properties.
    public init(
        name: String, architecture: ClipArchitecture, width: Int?, windowPatches: Int, classes: [InstrumentClass],
        families: [InstrumentFamily]? = nil, thresholds: [Float], provenance: [String: JSONValue] = [:]
    ) {
        self.name = name
        task = "clip"
        frontEnd = "vggish_log_mel"
        self.architecture = architecture.name
        self.width = width
        self.windowPatches = windowPatches
        self.classes = classes
        self.families = families
        self.thresholds = thresholds
        self.provenance = provenance
    }

    /// Returns the error in the description of a model of `architecture`, as the end of a sentence; nil when it is
    /// valid.
    func contradiction(_ architecture: ClipArchitecture) -> String? {
        if frontEnd != "vggish_log_mel" { return "the front end '\(frontEnd)' is unknown; expected 'vggish_log_mel'" }
        guard let width else { return "'width' is missing" }
        if !(1...256).contains(width) { return "'width' is \(width), outside 1...256" }
        if architecture.needsEvenWidth && width % 2 == 1 { return "'width' is \(width), and must be even" }
        if !(1...Self.longestWindow).contains(windowPatches) {
            return "'window_patches' is \(windowPatches), outside 1...\(Self.longestWindow)"
        }
        if classes.isEmpty { return "'classes' is empty" }
        if let twice = classes.first(where: { name in classes.count { $0 == name } > 1 }) {
            return "duplicate class '\(twice.rawValue)'"
        }
        if thresholds.count != classes.count {
            return "\(classes.count) classes have \(thresholds.count) thresholds"
        }
        for (name, value) in zip(classes, thresholds) where !(value > 0 && value < 1) {
            return "the threshold of '\(name.rawValue)' is \(value), outside 0 to 1"
        }
        return familyContradiction(architecture)
    }

    private func familyContradiction(_ architecture: ClipArchitecture) -> String? {
        guard architecture.hasFamilies else {
            return families == nil ? nil : "'\(architecture.name)' has no 'families'"
        }
        guard let families, !families.isEmpty else { return "'families' is missing" }
        if let twice = families.first(where: { name in families.count { $0 == name } > 1 }) {
            return "duplicate family '\(twice.rawValue)'"
        }
        if let empty = families.first(where: { family in !classes.contains { $0.family == family } }) {
            return "the family '\(empty.rawValue)' has no member among the classes"
        }
        return nil
    }
}
