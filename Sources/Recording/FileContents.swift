// A whole small file as bytes.

import Glibc

/// Reads a regular file of at most `limit` bytes.
func contents(of path: String, limit: Int) throws(RecordingError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path, detail: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
        throw .unreadable(path: path, detail: "it is not a regular file")
    }
    guard Int(facts.st_size) <= limit else {
        throw .unreadable(path: path, detail: "it has \(facts.st_size) bytes and at most \(limit) are read")
    }
    // It may grow while it is read: a session that is being recorded does.
    var bytes = [UInt8](repeating: 0, count: Int(facts.st_size))
    var count = 0
    while count < bytes.count {
        let got = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count) }
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else { throw .unreadable(path: path, detail: String(cString: strerror(errno))) }
        if got == 0 { break }
        count += got
    }
    bytes.removeLast(bytes.count - count)
    return bytes
}
