// What becomes of the rows of timbre that the stack makes of a patch.

/// How a patch's rows enter its instances.
enum PatchForm: Sendable {
    /// Every row is an instance of its own.
    case apart
    /// The same, and each instance is told its row.
    case identified
    /// The rows of a column are one instance.
    case joined

    /// Instances of one patch.
    var instances: Int { self == .joined ? ClipArchitecture.columns : ClipArchitecture.columns * ClipArchitecture.rows }
    /// Floats of one instance.
    var instanceSize: Int { PatchWeights.embedding + (self == .identified ? ClipArchitecture.rows : 0) }
}
