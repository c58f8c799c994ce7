// Finds the files that come with the programs, installed or in a checkout.

import Glibc

/// A file that comes with the programs.
public enum BundledFile: String, Sendable {
    /// The default model.
    case model = "models/default.safetensors"
    /// The default clip model.
    case clipModel = "models/clip.safetensors"
    /// The recording of the demo.
    case demo = "demo/demo.flac"

    /// Where it is: in `../share/timbred` beside the program that runs, or in the checkout that it was built in. Nil
    /// when it is in neither.
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

    /// The path of the program that runs, links followed.
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
