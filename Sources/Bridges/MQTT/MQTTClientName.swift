// The name by which a broker knows an output.

import Glibc

/// A client identifier that an output keeps over reconnections and restarts: the broker then takes its old session over
/// at once, instead of publishing the last will of that later.
///
/// A broker serves one client of a name, so of several equal outputs on this machine each gets a name of its own. It
/// holds the name by a socket in the abstract namespace, which the kernel closes when the holder dies.
final class MQTTClientName {
    /// Number of equal outputs that get names of their own.
    private static let limit = 16

    /// The identifier.
    let text: String
    private let descriptor: Int32

    /// Takes the first free name for these settings.
    init(of settings: SinkSettings) {
        let hash = Machine.hash(settings.fingerprint).prefix(6)
            .map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16) }.joined()
        let usual = "timbred-\(MQTTMessage.part(Machine.name))-\(hash)"
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let number = (1..<Self.limit).first { Self.take("timbred mqtt \(hash) \($0)", descriptor) } ?? Self.limit
        text = number == 1 ? usual : "\(usual)-\(number)"
        self.descriptor = descriptor
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Gives a socket a name; returns false when another socket has it. Where the system refuses such sockets, every
    /// name is free.
    private static func take(_ name: String, _ descriptor: Int32) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // A name in the abstract namespace begins with a zero and is no file.
        let bytes: [UInt8] = [0] + Array(name.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 || errno != EADDRINUSE
            }
        }
    }
}
