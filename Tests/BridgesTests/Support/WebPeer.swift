// The other end of the web sink: a plain connection that speaks as little or as much HTTP and WebSocket as a test wants.

import Foundation

/// A TCP connection to the loopback.
final class WebPeer {
    private let descriptor: Int32
    private var input: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try onLoopback(port) { connect(descriptor, $0, $1) }
        var timeout = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Says that nothing more comes from here.
    func endInput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// More bytes; false at the end or after a minute without any.
    private func fill() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        input += buffer[..<count]
        return true
    }

    /// Everything until the other side closes.
    func rest() -> String {
        while fill() {}
        defer { input = [] }
        return String(decoding: input, as: UTF8.self)
    }

    /// Everything up to and with `mark`; nil when the end comes before.
    func text(until mark: String) -> String? {
        let mark = Array(mark.utf8)
        while true {
            if let range = input.firstRange(of: mark) {
                defer { input.removeFirst(range.upperBound) }
                return String(decoding: input[..<range.upperBound], as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    /// This many bytes; nil when the end comes before.
    func bytes(_ count: Int) -> [UInt8]? {
        while input.count < count { guard fill() else { return nil } }
        defer { input.removeFirst(count) }
        return Array(input[..<count])
    }

    /// The answer to one request, head and body.
    static func get(
        _ path: String, port: Int, host: String? = nil, headers: String = "", method: String = "GET"
    ) throws -> String {
        let peer = try WebPeer(port: port)
        peer.send(
            "\(method) \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\n\(headers)Connection: close\r\n\r\n")
        return peer.rest()
    }

    /// A WebSocket that is open; nil when it was refused, with the answer.
    static func webSocket(
        port: Int, path: String = "/ws", host: String? = nil, headers: String = ""
    ) throws -> (peer: WebPeer?, answer: String) {
        let peer = try WebPeer(port: port)
        peer.send(
            "GET \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\(headers)\r\n")
        let answer = peer.text(until: "\r\n\r\n") ?? ""
        return (answer.hasPrefix("HTTP/1.1 101") ? peer : nil, answer)
    }

    /// The next frame's kind and content; nil at the end. Control frames come too.
    func frame() -> (kind: UInt8, bytes: [UInt8])? {
        while true {
            if input.count >= 2 {
                var size = Int(input[1] & 0x7F)
                var start = 2
                if size == 126, input.count >= 4 {
                    size = Int(input[2]) << 8 | Int(input[3])
                    start = 4
                } else if size == 127, input.count >= 10 {
                    size = input[2..<10].reduce(0) { $0 << 8 | Int($1) }
                    start = 10
                }
                if (size != 126 && size != 127 || start > 2), input.count >= start + size {
                    defer { input.removeFirst(start + size) }
                    return (input[0] & 0x0F, Array(input[start..<start + size]))
                }
            }
            guard fill() else { return nil }
        }
    }

    /// The next text; nil at the end.
    func line() -> String? {
        while let frame = frame() {
            if frame.kind == 1 { return String(decoding: frame.bytes, as: UTF8.self) }
            if frame.kind == 8 { return nil }
        }
        return nil
    }

    /// Sends a masked frame.
    func sendFrame(_ bytes: [UInt8], kind: UInt8 = 1, isLast: Bool = true) {
        var frame: [UInt8] = [(isLast ? 0x80 : 0) | kind]
        switch bytes.count {
        case ..<126: frame.append(0x80 | UInt8(bytes.count))
        case ..<65_536: frame += [0x80 | 126, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)]
        default: frame += [0x80 | 127] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) }
        }
        let mask: [UInt8] = [1, 2, 3, 4]
        send(frame + mask + bytes.enumerated().map { $1 ^ mask[$0 % 4] })
    }
}
