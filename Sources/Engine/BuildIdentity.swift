// Which program this is, to the last instruction.

import CLinux
import Digests
import Models

/// Tells one build of the program from another: a version says what was meant, this what runs.
public enum BuildIdentity {
    /// What `git describe` said of the source, or "unknown" where the build was not made by `make`.
    public static let revision: String = {
        let text = String(cString: timbre_revision())
        return text.isEmpty ? "unknown" : text
    }()

    /// SHA-256 of the program's machine code as it lies in memory, in 64 hexadecimal digits. Debugging information, names
    /// of folders and the revision do not count; the shared libraries are not in it.
    public static let code: String = {
        var digest = ""
        var number: Int32 = 0
        var start: UnsafeRawPointer?
        while case let size = timbre_code_part(number, &start), size > 0, let part = start {
            digest += Digest.sha256(UnsafeRawBufferPointer(start: part, count: size))
            number += 1
        }
        return number == 1 ? digest : Digest.sha256(Array(digest.utf8))
    }()

    /// Both for a person: "v0.2.0-3-g2fcd041, code 1a2b3c4d5e6f".
    public static var description: String { "\(revision), code \(code.prefix(12))" }
}
