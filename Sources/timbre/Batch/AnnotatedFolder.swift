// Reads the results in a folder of `timbre annotate`.

import Annotations
import CommandLine
import Evaluation
import WholeFiles

/// The summaries below a folder.
enum AnnotatedFolder {
    /// Largest size of a summary, in bytes; a larger file is not a summary.
    private static let limit = 1 << 28

    /// Reads all summaries, in the order of their names; returns none for a folder without summaries. What cannot be
    /// read below the folder is named on standard error and left out.
    static func summaries(in folder: String) throws(Failure) -> [RecordingSummary] {
        var summaries: [RecordingSummary] = []
        var seen: Set<UInt64> = []
        do throws(FileFailure) {
            try read(folder, &seen, into: &summaries)
        } catch {
            throw Failure("\(error)", .noInput)
        }
        return summaries.sorted { $0.name < $1.name }
    }

    /// - Parameter seen: folders that were already searched, because links may form cycles.
    private static func read(
        _ folder: String, _ seen: inout Set<UInt64>, into summaries: inout [RecordingSummary]
    ) throws(FileFailure) {
        guard let identity = FileContent.identity(ofFolder: folder), seen.insert(identity).inserted else { return }
        for name in try Folder.names(in: folder) {
            let path = "\(folder)/\(name)"
            do throws(FileFailure) {
                if name.hasSuffix(RecordingSummary.ending) {
                    guard let summary = RecordingSummary(json: try WholeFile.read(path, limit: limit)) else {
                        Output.complain("timbre: \(path): not a summary of a recording; left out")
                        continue
                    }
                    summaries.append(summary)
                } else if FileContent.isFolder(path) {
                    try read(path, &seen, into: &summaries)
                }
            } catch {
                Output.complain("timbre: \(error); left out")
            }
        }
    }
}
