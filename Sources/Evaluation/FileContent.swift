// The files and folders of sets and results.

import Glibc
import WholeFiles

/// Files and folders, with the errors of an evaluation.
public enum FileContent {
    /// More than this is no reference and no result.
    public static let maximumBytes = 1 << 30

    /// The bytes of a file.
    public static func read(_ path: String) throws(EvaluationError) -> [UInt8] {
        do throws(FileFailure) {
            return try WholeFile.read(path, limit: maximumBytes)
        } catch {
            throw .file(path: path, detail: error.reason)
        }
    }

    /// Writes a file whole or not at all.
    public static func write(_ bytes: [UInt8], to path: String) throws(EvaluationError) {
        do throws(FileFailure) {
            try WholeFile.write(bytes, to: path)
        } catch {
            throw .file(path: path, detail: error.reason)
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
        guard let directory = opendir(folder) else {
            throw .file(path: folder, detail: String(cString: strerror(errno)))
        }
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
}
