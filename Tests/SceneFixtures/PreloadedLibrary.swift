// A library in C that stands between a program under test and the system.

import Foundation

/// Made by the compiler that comes with Swift, for LD_PRELOAD.
public enum PreloadedLibrary {
    /// Why there is no compiler; `nil` where there is one.
    public static var isMissing: String? {
        compiler == nil ? "clang is not there, which comes with Swift: it makes what stands before the system" : nil
    }

    private static let compiler: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        for name in ["clang", "gcc", "cc"] {
            if let folder = folders.first(where: { access("\($0)/\(name)", X_OK) == 0 }) { return "\(folder)/\(name)" }
        }
        return nil
    }()

    /// Compiles a source into a folder; the path of the library.
    public static func make(_ source: String, in folder: String) throws -> String {
        let library = folder + "/preloaded.so"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: compiler ?? "/usr/bin/cc")
        process.arguments = ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        return library
    }
}
