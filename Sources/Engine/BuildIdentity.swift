// The identity of the running program.

import CLinux
import Digests
import Glibc

/// Identifies the build of the program. Two builds may have the same version.
public enum BuildIdentity {
    /// The output of `git describe` for the source, or "unknown" where the build was not made by `make`.
    public static let revision: String = {
        let text = String(cString: timbre_revision())
        return text.isEmpty ? "unknown" : text
    }()

    /// SHA-256 of the program, in 64 hexadecimal digits: of its machine code, its constants and its tables. Debugging
    /// information and the revision do not affect it; shared libraries are not included. Computed once: an installed program
    /// has 59 MB of them with the Swift runtime, which takes 40 ms on an idle core.
    public static let code = code(ofProgram: "/proc/self/exe")

    /// The same of the program in a file; "unknown" where it cannot be read.
    static func code(ofProgram path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var parts = ""
        var number: Int32 = 0
        var offset: off_t = 0
        while case let size = timbre_program_part(file, number, &offset), size > 0 {
            guard let part = try? Digest.sha256(of: file, from: offset, count: size) else { return "unknown" }
            parts += part
            number += 1
        }
        // A program without a table of its sections is known by its file.
        guard number > 0 else { return (try? Digest.sha256(ofFile: path)) ?? "unknown" }
        return Digest.sha256(Array(parts.utf8))
    }

    /// Revision and code for display: "v0.2.0-3-g2fcd041, code 1a2b3c4d5e6f".
    public static var description: String { "\(revision), code \(code.prefix(12))" }
}
