// A file of a session as bytes.

import WholeFiles

/// Reads a regular file of at most `limit` bytes; one that is being recorded, as far as it was when this began.
func contents(of path: String, limit: Int) throws(RecordingError) -> [UInt8] {
    do throws(FileFailure) {
        return try WholeFile.read(path, limit: limit)
    } catch {
        throw .unreadable(path: path, detail: error.reason)
    }
}
