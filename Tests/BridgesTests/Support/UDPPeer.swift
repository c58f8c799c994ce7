// A receiver of datagrams.

import Foundation

/// A socket that keeps what is sent to a port of the loopback.
final class UDPPeer {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        try onLoopback(port) { bind(descriptor, $0, $1) }
    }

    deinit { close(descriptor) }

    /// What has arrived, without waiting.
    func packets() -> [[UInt8]] {
        var packets: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 2048)
        while case let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)), count > 0 {
            packets.append(Array(buffer[..<count]))
        }
        return packets
    }
}
