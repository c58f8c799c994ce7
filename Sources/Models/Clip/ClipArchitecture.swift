// A clip system as model files name it: what it can do, and how it is built.

import NeuralNetwork

/// One entry of the table of clip systems.
///
/// `Models` has the systems that the daemon ships, `PublishedModels` those that were built to compare with; a program
/// passes the table it reads files with to `ClipModelFile`.
public struct ClipArchitecture: Sendable {
    /// The value of `architecture` in the description of a file.
    public let name: String
    /// Whether only the window that the model was trained for will do.
    public let hasFixedWindow: Bool
    /// Whether patches may fade instead of leaving the window.
    public let hasRunningForm: Bool
    /// Whether it outputs probabilities of families too.
    public let hasFamilies: Bool
    /// Whether its width is halved somewhere, and so must be even.
    package let needsEvenWidth: Bool
    package let build: Builder

    /// Builds the network of a checked description from the tensors of its file.
    package typealias Builder = @Sendable (ClipDescription, [String: Tensor]) throws(NetworkError) -> any ClipNetwork

    /// Frames of one patch, 0.96 s.
    public static let patchFrames = 96
    /// Columns of time that the stack makes of a patch, 0.16 s each.
    public static let columns = 6
    /// Rows of timbre that it makes, 16 bands each.
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
    /// Equal when the names are.
    public static func == (left: ClipArchitecture, right: ClipArchitecture) -> Bool { left.name == right.name }
    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    /// The name.
    public var description: String { name }
}

extension [ClipArchitecture] {
    /// The systems of this target: the three forms of AttentionMIC, one of which ships.
    public static let shipped: [ClipArchitecture] = [.attention, .attentionWithRow, .attentionOverTime]
}
