// Whole files, read and written in one piece.

import Glibc

/// Reads files whole, and writes them so that nobody ever sees half of one.
public enum FileContent {
    /// More than this is no reference and no result.
    public static let maximumBytes = 1 << 30

    /// The bytes of a file.
    public static func read(_ path: String) throws(EvaluationError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path: path, detail: reason) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw .file(path: path, detail: "it is not a regular file")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(facts.st_size))
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(path: path, detail: reason) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= maximumBytes else { throw .file(path: path, detail: "it is larger than 1 GiB") }
        }
    }

    /// Writes a file beside its place and moves it there when it is whole.
    public static func write(_ bytes: [UInt8], to path: String) throws(EvaluationError) {
        let draft = path + ".part"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .file(path: path, detail: reason) }
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let detail = reason
                close(descriptor)
                unlink(draft)
                throw .file(path: path, detail: detail)
            }
            done += count
        }
        guard close(descriptor) == 0, rename(draft, path) == 0 else {
            let detail = reason
            unlink(draft)
            throw .file(path: path, detail: detail)
        }
    }

    /// Whether there is something to read.
    public static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

    /// Whether this is a folder.
    public static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, in order.
    public static func names(in folder: String) throws(EvaluationError) -> [String] {
        guard let directory = opendir(folder) else { throw .file(path: folder, detail: reason) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
