// Sends datagrams to one destination.

import Glibc
import System

/// A UDP socket with its one destination.
final class DatagramSocket {
    private let descriptor: Int32
    private let name: String

    /// Resolves the endpoint; `broadcasts` permits a broadcast address.
    init(_ endpoint: HostPort, broadcasts: Bool = false) throws(SinkFailure) {
        name = "\(endpoint.host) port \(endpoint.port)"
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(endpoint.host, String(endpoint.port), &hints, &found)
        guard code == 0, let address = found?.pointee else {
            throw SinkFailure("\(endpoint.host): \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(found) }
        descriptor = socket(address.ai_family, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SinkFailure("a socket cannot be created: \(SystemError.last)") }
        var yes: Int32 = 1
        if broadcasts { setsockopt(descriptor, SOL_SOCKET, SO_BROADCAST, &yes, socklen_t(MemoryLayout<Int32>.size)) }
        guard connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
            throw SinkFailure("\(name): not reachable: \(SystemError.last)")
        }
    }

    deinit {
        close(descriptor)
    }

    /// Sends one datagram. A missing receiver is not an error, because lights may be switched on later.
    func send(_ bytes: [UInt8]) throws(SinkFailure) {
        for _ in 0..<2 {
            do throws(SystemError) {
                try systemCall { Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
                return
            } catch {
                // The first call may report the error of the previous datagram.
                guard error.code == ECONNREFUSED else { throw SinkFailure("\(name): \(error)") }
            }
        }
    }
}
