// The golden files that stand beside the tests.

import Foundation
import TestSupport

/// Reads `Golden/`.
enum GoldenFile {
    /// An array as NumPy saved it.
    static func array(_ name: String) throws -> NumpyArray {
        try NumpyArray(contentsOf: path("\(name).npy"))
    }

    /// The samples of a 16-bit mono WAV file with a 44-byte header.
    static func samples(_ file: String) throws -> [Float] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path(file))).dropFirst(44)
        return data.withUnsafeBytes { $0.bindMemory(to: Int16.self).map { Float($0) / 32768 } }
    }

    private static func path(_ name: String) -> String {
        Bundle.module.resourcePath.map { "\($0)/Golden/\(name)" } ?? name
    }
}
