// The manifest of a session, replaced whole, on a full disk too.

import Glibc
import WholeFiles

/// Puts `bytes` in the place of a file: whoever reads it, and whatever happens, finds the old or the new whole.
///
/// Where the disk has no room for both, the old one is written over: its block is there already.
func replaceFile(_ path: String, with bytes: [UInt8]) throws(RecordingError) {
    let other = path + ".new"
    var code = store(bytes, at: other, O_CREAT | O_TRUNC)
    if code == 0 {
        guard rename(other, path) == 0 else {
            throw .unwritable(path: path, detail: String(cString: strerror(errno)))
        }
        return
    }
    unlink(other)
    if code == ENOSPC || code == EDQUOT, access(path, F_OK) == 0 {
        code = store(bytes, at: path, 0)
        if code == 0 { return }
    }
    throw .unwritable(path: path, detail: String(cString: strerror(code)))
}

/// Writes a file from its beginning and cuts off what stood after; 0 or an errno.
private func store(_ bytes: [UInt8], at path: String, _ flags: Int32) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | flags, 0o640)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    // Not synchronised with the disk: that may take seconds, in which sound would wait, and a kill takes nothing from the
    // kernel.
    return WholeFile.writeAll(bytes, to: descriptor) && ftruncate(descriptor, off_t(bytes.count)) == 0 ? 0 : errno
}
