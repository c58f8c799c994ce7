// Where the bytes of a file go when its path is a link, or names an open descriptor.

import Glibc
import System

/// The end of a path that is to be written, with its symbolic links followed.
enum Destination: Equatable {
    /// A regular file, or none yet: a new file takes its place.
    case file(String)
    /// A device, a pipe, or a file of another process: it is opened and written.
    case opened(String)
    /// An open descriptor of this process, such as `/dev/stdout`: it is written from where it stands.
    case descriptor(Int32)

    /// As many links as Linux follows.
    private static let longestChain = 40

    /// Follows the links at `path`, at whose end there may be no file yet.
    init(_ path: String) throws(SystemError) {
        var path = path
        for _ in 0..<Self.longestChain {
            let folder = Self.folder(of: path)
            // The entries of /proc look like links, and what they show is not always a path.
            if let real = Self.real(folder.isEmpty ? "." : folder), real.hasPrefix("/proc/") {
                let number = real == Self.real("/proc/self/fd") ? Int32(path.dropFirst(folder.count)) : nil
                self = number.map(Destination.descriptor) ?? .opened(path)
                return
            }
            guard let link = try Self.link(path) else {
                var facts = stat()
                let isOther = stat(path, &facts) == 0 && facts.st_mode & S_IFMT != S_IFREG
                self = isOther ? .opened(path) : .file(path)
                return
            }
            path = link.hasPrefix("/") ? link : folder + link
        }
        throw SystemError(code: ELOOP)
    }

    /// Returns what stands before the name of a file, with the last slash.
    static func folder(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
    }

    /// Returns a path without links; nil where there is nothing.
    private static func real(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// Returns the content of a symbolic link; nil for everything else.
    private static func link(_ path: String) throws(SystemError) -> String? {
        var content = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &content, content.count)
        guard count >= 0 else { return nil }
        guard let text = String(validating: content[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) else {
            throw SystemError(code: EILSEQ)
        }
        return text
    }
}
