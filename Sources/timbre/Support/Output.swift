// Standard output, standard error and files, with all errors checked.

import Glibc
import System
import WholeFiles

/// Output functions.
enum Output {
    /// Writes text to standard output.
    static func write(_ text: String) throws(Failure) {
        try bytes(Array(text.utf8))
    }

    /// Writes bytes to standard output.
    static func bytes(_ bytes: [UInt8]) throws(Failure) {
        do throws(SystemError) {
            try WholeFile.writeAll(bytes, to: STDOUT_FILENO)
        } catch {
            throw failure(error.code)
        }
    }

    /// Writes a line to standard output.
    static func line(_ text: String) throws(Failure) {
        try write(text + "\n")
    }

    /// Writes the closing lines of a verb, whose status does not depend on whether anybody reads them.
    static func closing(_ lines: [String]) throws(Failure) {
        do throws(Failure) {
            for line in lines { try Self.line(line) }
        } catch {
            guard error == .readerGone else { throw error }
        }
    }

    /// Writes a file completely or not at all.
    static func file(_ bytes: [UInt8], to path: String) throws(Failure) {
        do throws(FileFailure) {
            try WholeFile.write(bytes, to: path)
        } catch {
            throw Failure("\(path): cannot be written: \(error.reason)", .io)
        }
    }

    /// Writes a line to standard error.
    static func complain(_ text: String) {
        try? WholeFile.writeAll(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// Writes what is to be known of a file to standard error.
    static func complain(_ notices: [String], about file: String) {
        for notice in notices { complain("timbre: \(file): \(notice)") }
    }

    /// Returns the failure for an error of a write to standard output.
    static func failure(_ code: Int32) -> Failure {
        code == EPIPE
            ? .readerGone : Failure("cannot write to standard output: \(SystemError(code: code))", .io)
    }
}
