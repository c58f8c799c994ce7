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

    /// The path of a file that can be read: `path`, or the one in its folder whose name is the same text in another normal
    /// form of Unicode; nil where there is none.
    public static func find(_ path: String) -> String? {
        if exists(path) { return path }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let folder = String(path.dropLast(name.count))
        // Strings are equal when their text is.
        let found = try? names(in: folder.isEmpty ? "." : folder).first { $0 == name }
        return found.map { folder + $0 }.flatMap { exists($0) ? $0 : nil }
    }

    /// Whether this is a folder.
    public static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, in order.
    public static func names(in folder: String) throws(EvaluationError) -> [String] {
        do throws(FileFailure) {
            return try Folder.names(in: folder)
        } catch {
            throw .file(path: folder, detail: error.reason)
        }
    }
}
