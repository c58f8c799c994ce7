// What a program did to the files of a folder, and what a power cut at any moment would have left of them.

import Foundation
import Glibc
import TestSupport

/// A record that `Tests/PowerCut/powercut.c` made.
///
/// The disk of the model keeps its promises and no more: what `fsync` said of a file or a folder is there; of what was
/// written since then anything may be there, in any order of pages, with zeros in between; of names that were changed since
/// then the older changes are there, up to a random one, as on a file system with a journal.
public struct PowerCutRecord {
    private enum Operation {
        case create(path: String, inode: UInt64, truncates: Bool)
        case write(inode: UInt64, offset: Int, bytes: [UInt8])
        case truncate(inode: UInt64, size: Int)
        case rename(String, String)
        case unlink(String)
        case mkdir(String)
        case rmdir(String)
        case sync(inode: UInt64)
        case syncFolder(String)

        /// The folder whose `fsync` makes a change of names last.
        var folder: String? {
            switch self {
            case .create(let path, _, _), .unlink(let path), .mkdir(let path), .rmdir(let path), .rename(_, let path):
                String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
            default: nil
            }
        }
    }

    private var operations: [(time: UInt64, operation: Operation)] = []
    private let root: String

    /// Why there is no compiler for the part that watches; `nil` where there is one.
    public static var isMissing: String? { PreloadedLibrary.isMissing }

    /// Compiles the part that watches, into a folder; returns the environment that a program needs to be watched.
    public static func watch(_ root: String, log: String, in folder: String) throws -> [String: String] {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("PowerCut/powercut.c").path
        let library = try PreloadedLibrary.make(source, in: folder)
        return ["LD_PRELOAD": library, "POWERCUT_ROOT": root, "POWERCUT_LOG": log]
    }

    /// Reads a record of what happened below `root`.
    public init(log: String, root: String) throws {
        self.root = root
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: log)))
        var place = 0
        func take<Value: FixedWidthInteger>(_: Value.Type) -> Value {
            defer { place += MemoryLayout<Value>.size }
            return bytes[place..<place + MemoryLayout<Value>.size].reversed().reduce(0) { $0 << 8 | Value($1) }
        }
        while place + 36 <= bytes.count {
            let kind = take(UInt32.self)
            let time = take(UInt64.self)
            let inode = take(UInt64.self)
            let offset = Int(truncatingIfNeeded: take(UInt64.self))
            let (first, second) = (Int(take(UInt32.self)), Int(take(UInt32.self)))
            let a = bytes[place..<place + first]
            let b = bytes[place + first..<place + first + second]
            place += first + second
            let path = String(decoding: a, as: UTF8.self)
            let operation: Operation? =
                switch kind {
                case 1: .create(path: path, inode: inode, truncates: offset == 1)
                case 2: .write(inode: inode, offset: offset, bytes: Array(a))
                case 3: .truncate(inode: inode, size: offset)
                case 4: .rename(path, String(decoding: b, as: UTF8.self))
                case 5: .unlink(path)
                case 6: .mkdir(path)
                case 7: .rmdir(path)
                case 8: .sync(inode: inode)
                case 9: .syncFolder(path)
                default: nil
                }
            if let operation { operations.append((time, operation)) }
        }
        operations = Self.distinguished(operations)
    }

    /// The same with a number of its own for each file: the number of a file that is gone is given to another.
    private static func distinguished(
        _ operations: [(time: UInt64, operation: Operation)]
    ) -> [(time: UInt64, operation: Operation)] {
        var names = Names()
        var own: [UInt64: UInt64] = [:]
        var count: UInt64 = 0
        return operations.map { time, operation in
            var operation = operation
            switch operation {
            case .create(let path, let inode, let truncates):
                if !names.files.values.contains(inode) {
                    count += 1
                    own[inode] = count
                }
                operation = .create(path: path, inode: own[inode] ?? 0, truncates: truncates)
            case .write(let inode, let offset, let bytes):
                operation = .write(inode: own[inode] ?? 0, offset: offset, bytes: bytes)
            case .truncate(let inode, let size): operation = .truncate(inode: own[inode] ?? 0, size: size)
            case .sync(let inode): operation = .sync(inode: own[inode] ?? 0)
            default: break
            }
            names.apply(operation)
            return (time, operation)
        }
    }

    /// When the first and the last thing happened, in seconds of the monotonic clock.
    public var span: ClosedRange<Double> {
        Double(operations.first?.time ?? 0) / 1e9...Double(operations.last?.time ?? 0) / 1e9
    }

    /// How often the disk was waited for.
    public var syncs: Int {
        operations.count {
            if case .sync = $0.operation { true } else if case .syncFolder = $0.operation { true } else { false }
        }
    }

    /// Makes the folder as it was at `time` for every program: what a kill leaves.
    public func kill(at time: Double, into folder: String) throws {
        var names = Names()
        var files: [UInt64: [UInt8]] = [:]
        for (_, operation) in operations.prefix(while: { Double($0.time) / 1e9 <= time }) {
            names.apply(operation)
            Self.apply(operation, to: &files)
        }
        try write(names, files, into: folder)
    }

    /// Makes the folder as a power cut at `time` may have left it.
    public func cut(at time: Double, into folder: String, using generator: inout SeededGenerator) throws {
        let done = operations.prefix { Double($0.time) / 1e9 <= time }.map(\.operation)
        // Names: those of a folder last up to its newest sync; of the others, the older ones up to a random one.
        var lastSync: [String: Int] = [:]
        for (index, operation) in done.enumerated() {
            if case .syncFolder(let path) = operation { lastSync[path] = index }
            // A folder that is renamed takes with it what is known of its inside.
            if case .rename(let from, let to) = operation, let known = lastSync[from] { lastSync[to] = known }
        }
        func lasts(_ index: Int, _ operation: Operation) -> Bool {
            guard var path = operation.folder else { return false }
            for later in done[index...] { if case .rename(path, let to) = later { path = to } }
            return index < lastSync[path] ?? -1
        }
        let unsure = done.indices.filter { done[$0].folder != nil && !lasts($0, done[$0]) }
        let kept = Int.random(in: 0...unsure.count, using: &generator)
        let lost = Set(unsure.dropFirst(kept))
        var names = Names()
        for (index, operation) in done.enumerated() where !lost.contains(index) { names.apply(operation) }

        var files: [UInt64: [UInt8]] = [:]
        var pending: [UInt64: [Operation]] = [:]
        for operation in done {
            switch operation {
            case .sync(let inode):
                for operation in pending[inode] ?? [] { Self.apply(operation, to: &files) }
                pending[inode] = nil
            case .write(let inode, _, _), .truncate(let inode, _), .create(_, let inode, _):
                pending[inode, default: []].append(operation)
            default: break
            }
        }
        for inode in pending.keys.sorted() {
            Self.applySome(of: pending[inode] ?? [], to: &files, using: &generator)
        }
        try write(names, files, into: folder)
    }

    /// What the disk got of what was not synced: nothing, the older part, or some of the pages.
    private static func applySome(
        of operations: [Operation], to files: inout [UInt64: [UInt8]], using generator: inout SeededGenerator
    ) {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: return
        case 1:
            for operation in operations.prefix(Int.random(in: 0...operations.count, using: &generator)) {
                apply(operation, to: &files)
            }
        default:
            // A page is with the disk as a whole, as it was last, or not at all.
            var after = files
            for operation in operations { apply(operation, to: &after) }
            for (inode, new) in after where files[inode] != new {
                let old = files[inode] ?? []
                var mixed = [UInt8](repeating: 0, count: new.count)
                for start in stride(from: 0, to: new.count, by: 4096) {
                    let source = Bool.random(using: &generator) ? new : old
                    let end = min(new.count, start + 4096, source.count)
                    if start < end { mixed.replaceSubrange(start..<end, with: source[start..<end]) }
                }
                files[inode] = mixed
            }
        }
    }

    private static func apply(_ operation: Operation, to files: inout [UInt64: [UInt8]]) {
        switch operation {
        case .create(_, let inode, let truncates):
            if truncates || files[inode] == nil { files[inode] = [] }
        case .write(let inode, let offset, let bytes):
            var content = files[inode] ?? []
            if content.count < offset + bytes.count {
                content += [UInt8](repeating: 0, count: offset + bytes.count - content.count)
            }
            content.replaceSubrange(offset..<offset + bytes.count, with: bytes)
            files[inode] = content
        case .truncate(let inode, let size):
            let content = files[inode] ?? []
            files[inode] =
                Array(content.prefix(size)) + [UInt8](repeating: 0, count: max(0, size - content.count))
        default: break
        }
    }

    /// The names of files and folders.
    private struct Names {
        var files: [String: UInt64] = [:]
        var folders: Set<String> = []

        mutating func apply(_ operation: Operation) {
            switch operation {
            case .create(let path, let inode, _): files[path] = inode
            case .unlink(let path): files[path] = nil
            case .mkdir(let path): folders.insert(path)
            case .rmdir(let path): folders.remove(path)
            case .rename(let from, let to):
                if folders.remove(from) != nil {
                    folders.insert(to)
                    for (path, inode) in files where path.hasPrefix(from + "/") {
                        files[path] = nil
                        files[to + path.dropFirst(from.count)] = inode
                    }
                } else if let inode = files.removeValue(forKey: from) {
                    files[to] = inode
                }
            default: break
            }
        }
    }

    private func write(_ names: Names, _ files: [UInt64: [UInt8]], into folder: String) throws {
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for path in names.folders.sorted() {
            try manager.createDirectory(
                atPath: folder + path.dropFirst(root.count), withIntermediateDirectories: true)
        }
        for (path, inode) in names.files {
            let place = folder + path.dropFirst(root.count)
            guard manager.fileExists(atPath: (place as NSString).deletingLastPathComponent) else { continue }
            try Data(files[inode] ?? []).write(to: URL(fileURLWithPath: place))
        }
    }
}
