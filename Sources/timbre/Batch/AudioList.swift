// The recordings of a batch: from files, folders and lists.

import Annotations
import CommandLine
import Evaluation
import Glibc
import System
import WholeFiles

/// The recordings that the user named, each with the name of its results.
struct AudioList: Sendable {
    /// A recording.
    struct Item: Equatable, Sendable {
        /// Its path below the folder or in the list, or its last component where the file itself was named.
        let name: String
        /// The path of the audio file.
        let path: String
    }

    /// In the order of the operands; those of a folder in the order of their names.
    private(set) var items: [Item] = []
    /// The entries that cannot be used.
    private(set) var leftOut: [LeftOut] = []

    /// The names of the tables that a batch writes into the folder of its results.
    private static let tables: Set = ["recordings", "failed"]
    /// Largest size of a list, in bytes.
    private static let limit = 1 << 30

    /// Collects the recordings.
    ///
    /// - Parameters:
    ///   - operands: files, folders with all their contents, and "-" for paths on standard input, one per line.
    ///   - manifest: a table whose column `audio` contains paths relative to it, and whose optional column `name`
    ///     contains the names of the results.
    init(_ operands: [String], manifest: String?) throws(Failure) {
        for operand in operands {
            if operand == "-" {
                try addStandardInput()
            } else if FileContent.isFolder(operand) {
                var seen: Set<UInt64> = []
                add(folder: operand, below: "", &seen)
            } else {
                add(Item(name: operand.split(separator: "/").last.map(String.init) ?? operand, path: operand))
            }
        }
        if let manifest { try add(manifest: manifest) }
        // By bytes: file systems distinguish names that are the same text in different Unicode normal forms.
        var pathOf: [[UInt8]: String] = [:]
        let named = items
        items = []
        for item in named {
            guard !Self.tables.contains(item.name) else {
                throw Failure(
                    "\(item.path): the result name \(item.name) is that of a table of the whole batch: set another name "
                        + "in a manifest", .usage)
            }
            guard let other = pathOf.updateValue(item.path, forKey: Array(item.name.utf8)) else {
                items.append(item)
                continue
            }
            // The same file named twice is taken once.
            if !other.utf8.elementsEqual(item.path.utf8) {
                throw Failure(
                    "\(other) and \(item.path) would have the same result name, \(item.name): name the folder above "
                        + "them, or set names in a manifest", .usage)
            }
        }
    }

    private mutating func add(_ item: Item) {
        if FileContent.exists(item.path) {
            items.append(item)
        } else if item.path.unicodeScalars.contains("\u{FFFD}") {
            leftOut.append(
                LeftOut(
                    item.name,
                    "\(item.path): its name is not UTF-8 text, and cannot be opened: rename it (convmv -t utf8)"))
        } else {
            leftOut.append(LeftOut(item.name, "\(item.path): \(SystemError.last)"))
        }
    }

    /// - Parameter seen: folders that were already searched, because links may form cycles.
    private mutating func add(folder: String, below: String, _ seen: inout Set<UInt64>) {
        guard let identity = FileContent.identity(ofFolder: folder), seen.insert(identity).inserted else { return }
        let names: [String]
        do throws(FileFailure) {
            names = try Folder.names(in: folder)
        } catch {
            leftOut.append(LeftOut(below, "\(error)"))
            return
        }
        for name in names {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            if FileContent.isFolder(path) {
                add(folder: path, below: "\(below)\(name)/", &seen)
            } else if let dot = name.lastIndex(of: "."),
                ClipTableReader.audioEndings.contains(name[name.index(after: dot)...].lowercased())
            {
                add(Item(name: below + name, path: path))
            }
        }
    }

    private mutating func addStandardInput() throws(Failure) {
        var isFirst = true
        while let line = readLine() {
            let path = isFirst ? String(decoding: Array(line.utf8).withoutByteOrderMark, as: UTF8.self) : line
            isFirst = false
            if !path.isEmpty { add(Item(name: Self.name(path), path: path)) }
        }
    }

    private mutating func add(manifest path: String) throws(Failure) {
        let bytes: [UInt8]
        do throws(FileFailure) {
            bytes = try WholeFile.read(path, limit: Self.limit)
        } catch {
            throw Failure("\(error)", .noInput)
        }
        guard let text = String(validating: bytes.withoutByteOrderMark, as: UTF8.self) else {
            throw Failure("\(path): not UTF-8 text", .data)
        }
        let folder = path.contains("/") ? String(path[...(path.lastIndex(of: "/") ?? path.startIndex)]) : ""
        var header: [String]?
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
        where !line.allSatisfy(\.isWhitespace) {
            guard let fields = CSVFields.split(line) else {
                throw Failure("\(path):\(index + 1): unbalanced quotes", .data)
            }
            guard let names = header else {
                guard fields.contains("audio") else {
                    throw Failure(
                        "\(path):\(index + 1): the header must contain the column audio and may contain name", .data)
                }
                header = fields
                continue
            }
            func field(_ name: String) -> String {
                names.firstIndex(of: name).flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
            }
            let audio = field("audio")
            guard !audio.isEmpty else {
                leftOut.append(LeftOut("line \(index + 1)", "\(path):\(index + 1): the audio is missing"))
                continue
            }
            let name = field("name")
            add(
                Item(
                    name: Self.name(name.isEmpty ? audio : name), path: audio.hasPrefix("/") ? audio : folder + audio))
        }
    }

    /// Returns the path in a list as the name of results, which stay inside one folder.
    private static func name(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != "." && $0 != ".." }.joined(separator: "/")
    }
}
