// Files with passwords and tokens.

import Glibc
import WholeFiles

/// A small file that the sink reads when it opens.
enum SecretFile {
    /// Returns the bytes of a file of at most 4 KiB. Throws when it cannot be read, and when users outside its group
    /// may read it.
    static func read(_ file: String) throws(SinkFailure) -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try WholeFile.read(file, limit: 4096)
        } catch {
            throw SinkFailure("\(error)")
        }
        var facts = stat()
        guard stat(file, &facts) == 0, facts.st_mode & 0o007 == 0 else {
            throw SinkFailure("\(file): all users can read it: run chmod o= \(file)")
        }
        return bytes
    }
}
