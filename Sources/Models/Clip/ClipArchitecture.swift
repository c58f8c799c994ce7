// A clip system as named in model files: its properties and its construction.

import NeuralNetwork

/// One entry of the table of clip systems.
///
/// `Models` contains the systems that are shipped with the daemon, `PublishedModels` those for comparison. A program
/// passes a table to `ClipModelFile`, which determines the files that can be read.
public struct ClipArchitecture: Sendable {
    /// The value of `architecture` in the description of a file.
    public let name: String
    /// Whether the system supports only the window for which the model was trained.
    public let hasFixedWindow: Bool
    /// Whether the system supports the running form, in which patches fade instead of leaving the window.
    public let hasRunningForm: Bool
    /// Whether the system also outputs probabilities of families.
    public let hasFamilies: Bool
    /// Whether a layer halves the width, which must then be even.
    package let needsEvenWidth: Bool
    package let build: Builder

    /// Builds the network of a validated description from the tensors of its file.
    package typealias Builder = @Sendable (ClipDescription, [String: Tensor]) throws(NetworkError) -> any ClipNetwork

    /// Frames of one patch, 0.96 s.
    public static let patchFrames = 96
    /// Columns of time that the stack computes from a patch, 0.16 s each.
    public static let columns = 6
    /// Rows of timbre that the stack computes, 16 bands each.
    public static let rows = 4

    /// Describes a system; see the properties.
    package init(
        _ name: String, hasFixedWindow: Bool = false, hasRunningForm: Bool = false, hasFamilies: Bool = false,
        needsEvenWidth: Bool = false, build: @escaping Builder
    ) {
        self.name = name
        self.hasFixedWindow = hasFixedWindow
        self.hasRunningForm = hasRunningForm
        self.hasFamilies = hasFamilies
        self.needsEvenWidth = needsEvenWidth
        self.build = build
    }
}

extension ClipArchitecture: Hashable, CustomStringConvertible {
    /// Two systems are equal when their names are equal.
    public static func == (left: ClipArchitecture, right: ClipArchitecture) -> Bool { left.name == right.name }
    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    /// The name.
    public var description: String { name }
}

extension [ClipArchitecture] {
    /// The systems of this target: the three forms of AttentionMIC, one of which is shipped.
    public static let shipped: [ClipArchitecture] = [.attention, .attentionWithRow, .attentionOverTime]
}
