// The files that a manifest names, on the disk or elsewhere.

/// How the files that a manifest names are found and read.
struct NamedFiles: Sendable {
    /// Returns the path under which a file exists; nil where there is none.
    let find: @Sendable (String) -> String?
    /// Returns the bytes of a file.
    let read: @Sendable (String) throws(EvaluationError) -> [UInt8]

    /// The files of the system.
    static let onDisk = NamedFiles(find: FileContent.find, read: FileContent.read)
}
