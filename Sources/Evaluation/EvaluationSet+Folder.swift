// A set from a folder: recordings with their references.

import Annotations

extension EvaluationSet {
    /// Reads a folder. The audio files are in it or in its `audio/`. A reference has the name of its recording and is
    /// in the same folder, in `frames/` or in `references/`. The table of labels is `labels.csv`.
    init(folder: String, _ vocabulary: Vocabulary) throws(EvaluationError) {
        self.init()
        let tablePath = folder + "/labels.csv"
        let table = FileContent.exists(tablePath) ? try Self.table(tablePath, vocabulary) : nil
        var audioOf: [String: String] = [:]
        let references = try References(in: [folder, folder + "/audio", folder + "/frames", folder + "/references"])
        for directory in [folder, folder + "/audio"] where FileContent.isFolder(directory) {
            for name in try FileContent.names(in: directory) {
                let parts = name.split(separator: ".")
                guard parts.count > 1, let ending = parts.last?.lowercased(),
                    ClipTableReader.audioEndings.contains(ending)
                else {
                    continue
                }
                let stem = ClipTableReader.recordingName(name)
                let audio = "\(directory)/\(name)"
                if let first = audioOf[stem] {
                    leftOut.append(
                        LeftOut(
                            name,
                            "\(audio): its name without the suffix is that of \(first): rename one of them, or list both "
                                + "in a manifest"))
                    continue
                }
                audioOf[stem] = audio
                let paths = references.paths(of: stem, in: [directory, folder + "/frames", folder + "/references"])
                let item = Item(
                    name: stem, audio: audio, reference: paths.first,
                    labels: table?.row(of: stem)?.presence)
                notices += Self.others(paths)
                if item.reference == nil, item.labels == nil {
                    leftOut.append(LeftOut(stem, "\(item.audio): it has no reference"))
                } else {
                    items.append(item)
                }
            }
        }
        for row in table?.rows ?? [] where audioOf[row.recording] == nil {
            leftOut.append(LeftOut(row.recording, "\(tablePath):\(row.line): there is no audio for \(row.recording)"))
        }
    }

    /// Returns a notice for each reference of a recording that is left out because of the first, unless it is a copy.
    private static func others(_ paths: [String]) -> [String] {
        guard paths.count > 1, let used = paths.first, case let content = try? FileContent.read(used) else { return [] }
        return paths.dropFirst().filter { (try? FileContent.read($0)) != content }.map {
            "\($0): this reference is left out, because \(used) is that of the same recording: keep one of them"
        }
    }

    /// The references in some folders.
    ///
    /// Names are compared as text, so that a recording and a reference match when their names use different Unicode
    /// normal forms, as on Apple's file systems. Extensions match in any case, as on memory cards.
    private struct References {
        /// The names of files by folder and by what stands before the last dot.
        private var names: [String: [String: [String]]] = [:]

        init(in folders: [String]) throws(EvaluationError) {
            for folder in folders where FileContent.isFolder(folder) {
                names[folder] = Dictionary(grouping: try FileContent.names(in: folder)) { name in
                    String(name[..<(name.lastIndex(of: ".") ?? name.startIndex)])
                }
            }
        }

        /// Returns the references of a recording in the order of the folders, and in each in the order of the extensions;
        /// the first is used.
        func paths(of stem: String, in folders: [String]) -> [String] {
            folders.flatMap { folder in
                let known = names[folder]?[stem] ?? []
                return ReferenceFormat.endings.flatMap { ending in
                    known.filter { name in
                        name.lastIndex(of: ".").map { name[$0...].dropFirst().lowercased() == ending } ?? false
                    }.map { "\(folder)/\($0)" }
                }
            }
        }
    }
}
