// Finds the files that are installed with the programs or are in the checkout.

import Glibc

/// A file that is distributed with the programs.
public enum BundledFile: String, Sendable {
    /// The default model.
    case model = "models/default.safetensors"
    /// The default clip model.
    case clipModel = "models/clip.safetensors"
    /// The demo recording.
    case demo = "demo/demo.flac"

    /// Path of the file: in `../share/timbred` relative to the running program, or in the checkout in which the
    /// program was built. Nil when it is in neither.
    public var path: String? {
        var folder = Self.folder(of: Self.executable)
        let installed = "\(Self.folder(of: folder))/share/timbred/\(rawValue)"
        if access(installed, R_OK) == 0 { return installed }
        while !folder.isEmpty {
            if access("\(folder)/Package.swift", F_OK) == 0 {
                let path = "\(folder)/\(rawValue)"
                return access(path, R_OK) == 0 ? path : nil
            }
            folder = Self.folder(of: folder)
        }
        return nil
    }

    /// The path of the running program, with links resolved.
    private static var executable: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The path without its last part; empty at the root.
    private static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
