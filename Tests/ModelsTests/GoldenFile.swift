// Where the golden data lie: random-weight groups in the repository, the authors' own weights outside it.

import Foundation

/// Paths of golden files.
enum GoldenFile {
    /// The path of a fixture of the repository.
    static func path(_ name: String) -> String {
        Bundle.module.resourcePath.map { "\($0)/Golden/\(name)" } ?? name
    }

    /// The directory of data that are not in the repository; nil when the environment does not name it.
    static let outside = ProcessInfo.processInfo.environment["TIMBRE_DATA"].map { "\($0)/golden" }
}
