// A real program at the other end, whose output is read as it comes.

import Foundation
import Synchronization

/// A process with its output so far.
final class Peer: Sendable {
    private final class Output: Sendable {
        let text = Mutex("")
    }

    private let output = Output()
    private let process: Mutex<Process>

    /// Starts `program` with line-buffered output.
    init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["stdbuf", "-oL", program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let reading = pipe.fileHandleForReading.fileDescriptor
        self.process = Mutex(process)
        // Not the peer itself: the program ends when nobody holds the peer any more.
        let output = output
        Thread.detachNewThread {
            withExtendedLifetime(pipe) {
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = read(reading, &buffer, buffer.count)
                    guard count > 0 else { return }
                    let text = String(decoding: buffer[..<count], as: UTF8.self)
                    output.text.withLock { $0 += text }
                }
            }
        }
    }

    /// What it has said.
    var text: String { output.text.withLock { $0 } }

    /// Its lines.
    var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// Kills it and waits for its end.
    func end(_ signal: Int32 = SIGKILL) {
        process.withLock { process in
            guard process.isRunning else { return }
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
        }
    }

    /// Whether it still runs.
    var isRunning: Bool { process.withLock { $0.isRunning } }

    deinit { process.withLock { if $0.isRunning { kill($0.processIdentifier, SIGKILL) } } }

    /// Whether a program can be found.
    static func has(_ name: String) -> Bool {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin"
        return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }

    /// Whether somebody receives the datagrams of a port.
    static func receivesDatagrams(_ port: Int) -> Bool {
        let ending = ":" + String(format: "%04X", port)
        return ["/proc/net/udp", "/proc/net/udp6"].contains { table in
            let text = (try? String(contentsOfFile: table, encoding: .utf8)) ?? ""
            // The second column is the local address.
            return text.split(separator: "\n").contains { line in
                line.split(separator: " ").dropFirst().first?.hasSuffix(ending) == true
            }
        }
    }

    /// A port of the loopback that nobody has at this moment.
    static func freePort(_ type: Int32 = Int32(SOCK_STREAM.rawValue)) -> Int {
        let descriptor = socket(AF_INET, type, 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, size)
                _ = getsockname(descriptor, $0, &size)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
