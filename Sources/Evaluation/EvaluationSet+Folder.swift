// A set that is a folder: recordings beside their references.

import Annotations

extension EvaluationSet {
    /// Endings of audio files.
    static let audioEndings = ["flac", "wav", "ogg", "opus", "mp3", "aif", "aiff"]

    /// Looks through a folder. The audio lies in it or in its `audio/`; a reference has the name of its recording and lies
    /// beside it, in `frames/` or in `references/`; a table of labels is `labels.csv`.
    init(folder: String, _ vocabulary: Vocabulary) throws(EvaluationError) {
        self.init()
        let tablePath = folder + "/labels.csv"
        let table = FileContent.exists(tablePath) ? try Self.table(tablePath, vocabulary) : nil
        var named: Set<String> = []
        for place in [folder, folder + "/audio"] where FileContent.isFolder(place) {
            for name in try FileContent.names(in: place) {
                let parts = name.split(separator: ".")
                guard parts.count > 1, let ending = parts.last?.lowercased(), Self.audioEndings.contains(ending) else {
                    continue
                }
                let stem = ClipTableReader.recordingName(name)
                named.insert(stem)
                let item = Item(
                    name: stem, audio: "\(place)/\(name)",
                    reference: Self.reference(of: stem, in: [place, folder + "/frames", folder + "/references"]),
                    labels: table?.row(of: stem)?.presence)
                if item.reference == nil, item.labels == nil {
                    leftOut.append(LeftOut(stem, "\(item.audio): there is no reference for it"))
                } else {
                    items.append(item)
                }
            }
        }
        for row in table?.rows ?? [] where !named.contains(row.recording) {
            leftOut.append(LeftOut(row.recording, "\(tablePath):\(row.line): there is no audio for \(row.recording)"))
        }
    }

    private static func reference(of stem: String, in folders: [String]) -> String? {
        for folder in folders {
            for ending in ReferenceFormat.endings {
                let path = "\(folder)/\(stem).\(ending)"
                if FileContent.exists(path) { return path }
            }
        }
        return nil
    }
}
