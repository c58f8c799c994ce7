// A window on a file: its visible parts, and bytes before and between them.

/// Replaces a file as the input of a decoder: it presents one of several recordings in the file, an unfinished header
/// in its correct form, a stream without its container, or silence in place of damage. It copies no data and writes
/// nothing.
final class ByteWindow: ByteSource {
    /// A part of the window.
    enum Part {
        /// These bytes of the file.
        case file(Range<Int>)
        /// Other bytes, this number of times.
        case bytes([UInt8], times: Int = 1)

        var count: Int {
            switch self {
            case .file(let range): range.count
            case .bytes(let bytes, let times): bytes.count * times
            }
        }
    }

    let size: Int
    private let base: any ByteSource
    private let parts: [Part]
    /// The position of each part in the window.
    private let starts: [Int]

    /// Creates a window of `parts`, one after another.
    init(_ base: any ByteSource, parts: [Part]) {
        self.base = base
        self.parts = parts.filter { $0.count > 0 }
        var position = 0
        starts = self.parts.map { part in
            defer { position += part.count }
            return position
        }
        size = position
    }

    /// Creates a window of `prefix`, followed by the bytes of `base` in each of `extents`.
    convenience init(_ base: any ByteSource, prefix: [UInt8] = [], _ extents: [Range<Int>]) {
        self.init(base, parts: [.bytes(prefix)] + extents.map { .file($0) })
    }

    func read(_ destination: UnsafeMutableRawBufferPointer, at position: Int) -> Int {
        var done = 0
        while done < destination.count, position + done < size {
            let room = UnsafeMutableRawBufferPointer(rebasing: destination[done...])
            let got = readPart(room, at: position + done)
            guard got > 0 else { break }
            done += got
        }
        return done
    }

    func filePosition(of position: Int) -> Int {
        guard let index = part(at: position) else { return base.filePosition(of: position) }
        if case .file(let range) = parts[index] {
            return base.filePosition(of: range.lowerBound + position - starts[index])
        }
        for case .file(let range) in parts[index...] { return base.filePosition(of: range.lowerBound) }
        return base.filePosition(of: base.size)
    }

    /// Returns the index of the last part that begins at or before `position`.
    private func part(at position: Int) -> Int? {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= position { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? low - 1 : nil
    }

    /// Reads contiguous bytes.
    private func readPart(_ destination: UnsafeMutableRawBufferPointer, at position: Int) -> Int {
        guard let index = part(at: position) else { return 0 }
        let offset = position - starts[index]
        switch parts[index] {
        case .file(let range):
            let count = min(destination.count, range.count - offset)
            return base.read(
                UnsafeMutableRawBufferPointer(rebasing: destination[..<count]), at: range.lowerBound + offset)
        case .bytes(let bytes, _):
            let part = bytes[(offset % bytes.count)...].prefix(destination.count)
            destination.copyBytes(from: part)
            return part.count
        }
    }
}
