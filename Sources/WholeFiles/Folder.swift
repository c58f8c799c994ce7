// Creates and lists folders.

import Glibc
import System

/// Folders by path. Any thread may use it; it waits for the disk.
public enum Folder {
    /// Creates a folder and its missing parent folders; an existing folder is not an error.
    public static func make(_ path: String) throws(FileFailure) {
        if mkdir(path, 0o777) == 0 { return }
        let code = errno
        if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try make(String(path[..<slash]))
            if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
            throw FileFailure(path)
        }
        // A link to a folder is accepted as well.
        var facts = stat()
        if code == EEXIST, stat(path, &facts) == 0 {
            if facts.st_mode & S_IFMT == S_IFDIR { return }
            throw FileFailure(path, "it is not a folder")
        }
        throw FileFailure(path, code: code)
    }

    /// Returns the names in a folder, sorted, without `.` and `..`; hidden names are included if `hidden`.
    public static func names(in path: String, hidden: Bool = false) throws(FileFailure) -> [String] {
        guard let directory = opendir(path) else { throw FileFailure(path) }
        defer { closedir(directory) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if hidden ? name != "." && name != ".." : !name.hasPrefix(".") { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw FileFailure(path) }
        return names.sorted()
    }

    /// Waits until the names in a folder are on the disk.
    public static func sync(_ path: String) throws(FileFailure) {
        do throws(SystemError) {
            let descriptor = try systemCall { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
            defer { close(descriptor) }
            try WholeFile.sync(descriptor)
        } catch {
            throw FileFailure(path, code: error.code)
        }
    }

    /// Waits until the names in the folder that contains `path` are on the disk.
    public static func sync(holding path: String) throws(FileFailure) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        try sync(folder.isEmpty ? "/" : folder)
    }
}
