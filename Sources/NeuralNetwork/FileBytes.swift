// The bytes of a model file.

import WholeFiles

/// Model files, whole in memory.
public enum FileBytes {
    /// Files above this many bytes are refused: no model this project can run comes near.
    public static let limit = 1 << 29

    /// Reads `path` from beginning to end.
    public static func read(_ path: String) throws(NetworkError) -> [UInt8] {
        do throws(FileFailure) {
            return try WholeFile.read(path, limit: limit)
        } catch {
            throw .unreadable(file: path, reason: error.reason)
        }
    }
}
