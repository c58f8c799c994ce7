// The identity of the running program.

import CLinux
import Digests
import Models

/// Identifies the build of the program. Two builds may have the same version.
public enum BuildIdentity {
    /// The output of `git describe` for the source, or "unknown" where the build was not made by `make`.
    public static let revision: String = {
        let text = String(cString: timbre_revision())
        return text.isEmpty ? "unknown" : text
    }()

    /// SHA-256 of the program's machine code in memory, in 64 hexadecimal digits. Debugging information, names of
    /// folders and the revision do not affect it; shared libraries are not included.
    public static let code: String = {
        var digest = ""
        var number: Int32 = 0
        var start: UnsafeRawPointer?
        while case let size = timbre_code_part(number, &start), size > 0, let part = start {
            digest += Digest.sha256(UnsafeRawBufferPointer(start: part, count: size))
            number += 1
        }
        // A program without a table of its sections is known by its file.
        guard number > 0 else { return (try? Digest.sha256(ofFile: "/proc/self/exe")) ?? "unknown" }
        return Digest.sha256(Array(digest.utf8))
    }()

    /// Revision and code for display: "v0.2.0-3-g2fcd041, code 1a2b3c4d5e6f".
    public static var description: String { "\(revision), code \(code.prefix(12))" }
}
