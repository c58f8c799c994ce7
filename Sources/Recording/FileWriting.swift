// File operations of a session, with the recorder's errors.

import Glibc
import System
import WholeFiles

/// Replaces a file by `bytes`: a reader finds either the old or the new content complete, even after a power failure.
///
/// The function blocks until the content and the name are on the disk. If the disk has no room for both files, the old
/// one is overwritten, because its block is already allocated.
func replaceFile(_ path: String, with bytes: [UInt8]) throws(RecordingError) {
    try writing { () throws(FileFailure) in
        do throws(FileFailure) {
            try WholeFile.write(bytes, to: path, sync: true, draft: SessionFolder.draft(of: path), permissions: 0o640)
        } catch {
            guard error.code == ENOSPC || error.code == EDQUOT, access(path, F_OK) == 0 else { throw error }
            try WholeFile.overwrite(path, with: bytes)
        }
    }
}

/// Waits until the names in the folder that contains `path` are on the disk.
func syncFolder(of path: String) throws(RecordingError) {
    try writing { () throws(FileFailure) in try Folder.sync(holding: path) }
}

/// Waits until the names in a folder are on the disk.
func sync(folder: String) throws(RecordingError) {
    try writing { () throws(FileFailure) in try Folder.sync(folder) }
}

/// Waits until the written data is on the disk. On a file system without this operation it succeeds.
func sync(_ descriptor: Int32, path: String) throws(RecordingError) {
    do throws(SystemError) {
        try WholeFile.sync(descriptor)
    } catch {
        throw .unwritable(path: path, detail: error.description)
    }
}

/// Reads a regular file of at most `limit` bytes; a file that is being recorded is read up to its size when the call
/// began.
func contents(of path: String, limit: Int) throws(RecordingError) -> [UInt8] {
    do throws(FileFailure) {
        return try WholeFile.read(path, limit: limit)
    } catch {
        throw .unreadable(path: path, detail: error.reason)
    }
}

private func writing(_ write: () throws(FileFailure) -> Void) throws(RecordingError) {
    do throws(FileFailure) {
        try write()
    } catch {
        throw .unwritable(path: error.path, detail: error.reason)
    }
}
