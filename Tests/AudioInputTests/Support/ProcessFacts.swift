// What the test process holds and uses.

import AudioCore
import Glibc

/// Readings from /proc and the CPU clocks.
enum ProcessFacts {
    /// Open file descriptors.
    static var descriptors: Int { entries("/proc/self/fd") }
    /// Open file descriptors of one file.
    static func descriptors(of path: String) -> Int {
        names("/proc/self/fd").count { name in
            var target = [CChar](repeating: 0, count: 4096)
            let count = readlink("/proc/self/fd/\(name)", &target, target.count)
            return String(decoding: target.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self) == path
        }
    }
    /// Threads.
    static var threads: Int { entries("/proc/self/task") }

    /// The names of all threads, as `ps -L` shows them.
    static var threadNames: [String] {
        names("/proc/self/task").map { String(text("/proc/self/task/\($0)/comm").dropLast()) }
    }

    /// How often a thread was put on a CPU, by its name; 0 when there is no such thread. Unlike the time it spends there,
    /// that is the same on a slow machine and on a fast one.
    static func wakeups(ofThread name: String) -> Int {
        for thread in names("/proc/self/task") {
            let base = "/proc/self/task/\(thread)"
            guard text(base + "/comm").dropLast() == name else { continue }
            // The last field of schedstat counts the slices of time it had.
            return text(base + "/schedstat").split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) } ?? 0
        }
        return 0
    }

    private static func entries(_ path: String) -> Int { names(path).count }

    private static func names(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func text(_ path: String) -> Substring {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, 256, file) != nil else { return "" }
        return Substring(String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
