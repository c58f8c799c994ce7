// A set from a manifest: a table of recordings and their references.

import Annotations
import WholeFiles

extension EvaluationSet {
    /// Reads a table `audio,reference,labels`, whose paths are relative to the manifest. The reference or the labels
    /// may be empty; the labels are a table that contains a row for the recording. An invalid line is left out.
    init(manifest path: String, _ vocabulary: Vocabulary) throws(EvaluationError) {
        try self.init(manifest: try FileContent.read(path), path: path, vocabulary)
    }

    /// Parses the bytes of a manifest; `path` is its name in messages, and relative paths in it start at its folder.
    init(
        manifest bytes: [UInt8], path: String, _ vocabulary: Vocabulary, files: NamedFiles = .onDisk
    ) throws(EvaluationError) {
        self.init()
        guard let text = String(validating: bytes.withoutByteOrderMark, as: UTF8.self) else {
            throw .content(file: path, problem: "not UTF-8 text")
        }
        let folder = path.contains("/") ? String(path[...(path.lastIndex(of: "/") ?? path.startIndex)]) : ""
        var tables: [String: ClipTable] = [:]
        var header: [String]?
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            let number = index + 1
            guard let fields = CSVFields.split(line) else {
                throw .line(file: path, line: number, problem: "unbalanced quotes")
            }
            guard let names = header else {
                guard fields.contains("audio"), Set(fields).isSubset(of: ["audio", "reference", "labels"]) else {
                    throw .line(file: path, line: number, problem: "the header must be audio,reference,labels")
                }
                header = fields
                continue
            }
            func field(_ name: String) -> String? {
                let value = names.firstIndex(of: name).flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
                return value.isEmpty ? nil : value.hasPrefix("/") ? value : folder + value
            }
            do throws(EvaluationError) {
                let source = SourceLine(file: path, line: number)
                items.append(
                    try Self.item(
                        audio: field("audio"), reference: field("reference"), labels: field("labels"), source,
                        relativeTo: folder, &tables, vocabulary, files))
            } catch {
                leftOut.append(LeftOut("line \(number)", error.description))
            }
        }
        guard header != nil else {
            throw .line(file: path, line: 1, problem: "the header audio,reference,labels is missing")
        }
    }

    /// A line of a manifest.
    private struct SourceLine {
        let file: String
        let line: Int

        func error(_ problem: String) -> EvaluationError { .line(file: file, line: line, problem: problem) }
    }

    /// Returns the path under which a file of the manifest exists.
    private static func found(
        _ path: String?, _ source: SourceLine, _ files: NamedFiles
    ) throws(EvaluationError) -> String? {
        guard let path else { return nil }
        guard let found = files.find(path) else { throw source.error("\(path) does not exist") }
        return found
    }

    private static func item(
        audio: String?, reference: String?, labels: String?, _ source: SourceLine, relativeTo folder: String,
        _ tables: inout [String: ClipTable], _ vocabulary: Vocabulary, _ files: NamedFiles
    ) throws(EvaluationError) -> Item {
        guard let audio = try found(audio, source, files) else { throw source.error("the audio is missing") }
        let (reference, labels) = (try found(reference, source, files), try found(labels, source, files))
        let name = audio.hasPrefix(folder) ? String(audio.dropFirst(folder.count)) : audio
        var item = Item(name: name, audio: audio, reference: reference)
        if let labels {
            if tables[labels] == nil { tables[labels] = try table(labels, vocabulary, files) }
            guard let row = tables[labels]?.row(of: item.stem) else {
                throw source.error("\(labels) has no row for \(item.stem)")
            }
            item.labels = row.presence
        }
        guard item.reference != nil || item.labels != nil else {
            throw source.error("neither a reference nor labels are given for \(audio)")
        }
        return item
    }
}
