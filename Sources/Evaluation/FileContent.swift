// The files and folders of sets and results.

import Glibc
import WholeFiles

/// Access to files and folders, with the errors of an evaluation.
public enum FileContent {
    /// Largest size of a reference or result, in bytes.
    public static let maximumBytes = 1 << 30

    /// Returns the bytes of a file.
    public static func read(_ path: String) throws(EvaluationError) -> [UInt8] {
        do throws(FileFailure) {
            return try WholeFile.read(path, limit: maximumBytes)
        } catch {
            throw .file(path: path, detail: error.reason)
        }
    }

    /// Writes a file completely or not at all.
    public static func write(_ bytes: [UInt8], to path: String) throws(EvaluationError) {
        do throws(FileFailure) {
            try WholeFile.write(bytes, to: path)
        } catch {
            throw .file(path: path, detail: error.reason)
        }
    }

    /// Returns whether the path can be read.
    public static func exists(_ path: String) -> Bool { access(path, R_OK) == 0 }

    /// Returns the path of a readable file: `path`, or a file in the same folder whose name is the same text in
    /// another Unicode normal form; nil where there is none.
    public static func find(_ path: String) -> String? {
        if exists(path) { return path }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let folder = String(path.dropLast(name.count))
        // Swift strings are equal when they are canonically equivalent.
        let found = try? names(in: folder.isEmpty ? "." : folder).first { $0 == name }
        return found.map { folder + $0 }.flatMap { exists($0) ? $0 : nil }
    }

    /// Returns whether the path is a folder.
    public static func isFolder(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// Returns the identity of a folder, whatever the path that leads to it; nil where there is none.
    public static func identity(ofFolder path: String) -> UInt64? {
        var facts = stat()
        return stat(path, &facts) == 0 ? UInt64(facts.st_dev) << 48 ^ UInt64(facts.st_ino) : nil
    }

    /// Returns the names in a folder, sorted.
    public static func names(in folder: String) throws(EvaluationError) -> [String] {
        do throws(FileFailure) {
            return try Folder.names(in: folder)
        } catch {
            throw .file(path: folder, detail: error.reason)
        }
    }
}
