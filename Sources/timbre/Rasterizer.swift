// Turns an SVG into a PNG with the renderer that Debian has for it.

import CommandLine
import Foundation

/// `rsvg-convert`, of librsvg.
enum Rasterizer {
    /// Pixels for each unit of the picture: fine enough for print.
    private static let zoom = 3

    /// The picture as PNG.
    static func png(_ svg: String) throws(Failure) -> [UInt8] {
        let source = FileManager.default.temporaryDirectory.appending(path: "timbre-\(UUID().uuidString).svg")
        defer { try? FileManager.default.removeItem(at: source) }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["rsvg-convert", "--format", "png", "--zoom", "\(zoom)", source.path]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        let bytes: Data?
        do {
            try Data(svg.utf8).write(to: source)
            try process.run()
            bytes = try output.fileHandleForReading.readToEnd()
        } catch {
            throw Failure("the picture cannot be drawn: \(error.localizedDescription)", .io)
        }
        process.waitUntilExit()
        // 127 is how env says that there is no such program.
        guard process.terminationStatus != 127 else {
            throw Failure(
                "--png needs rsvg-convert: install the package librsvg2-bin, or write an SVG with --svg", .unavailable)
        }
        guard process.terminationStatus == 0, let bytes, !bytes.isEmpty else {
            throw Failure("rsvg-convert could not draw the picture; --svg writes what it got", .software)
        }
        return Array(bytes)
    }
}
