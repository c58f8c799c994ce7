// Where the golden data lie: random-weight groups in the repository, the authors' own weights outside it.

import Foundation

/// Paths of golden files.
package enum GoldenFile {
    /// The path of a fixture of the repository, which `training/golden` writes.
    package static func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// The directory of data that are not in the repository; nil when the environment does not name it.
    package static let outside = ProcessInfo.processInfo.environment["TIMBRE_DATA"].map { "\($0)/golden" }

    private static let folder =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path
        + "/ModelsTests/Golden"
}
