// The bytes of a model file.

import WholeFiles

/// Model files, completely in memory.
public enum FileBytes {
    /// Largest size of a file in bytes, above the size of all models that this program can run.
    public static let limit = 1 << 29

    /// Reads the whole file at `path`.
    public static func read(_ path: String) throws(NetworkError) -> [UInt8] {
        do throws(FileFailure) {
            return try WholeFile.read(path, limit: limit)
        } catch {
            throw .unreadable(file: path, reason: error.reason)
        }
    }
}
