// The identity of this machine on the network.

import Glibc
import WholeFiles

/// This machine, as distinct from others.
enum Machine {
    /// Its host name; "machine" where it has none.
    static var name: String {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, 255) == 0 else { return "machine" }
        return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Returns 16 bytes that are constant for this machine and this text, and differ on other machines: from the
    /// machine's identity, or its name where it has none.
    static func hash(_ text: String) -> [UInt8] {
        let host = Array(name.utf8)
        let all = ((try? WholeFile.read("/etc/machine-id", limit: 4096)) ?? host) + host + Array(text.utf8)
        var bytes: [UInt8] = []
        for seed in [0xCBF2_9CE4_8422_2325, 0x9AE1_6A3B_2F90_404F] as [UInt64] {
            // The FNV-1a hash.
            let hash = all.reduce(seed) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: hash >> ($0 * 8)) }
        }
        return bytes
    }
}
