// A window on a file: a prefix, followed by the visible parts of the file.

/// Replaces a file as the input of a decoder: it presents one of several recordings in the file, an unfinished header
/// in its correct form, or a stream without its container. It copies no data and writes nothing.
final class ByteWindow: ByteSource {
    let size: Int
    private let base: any ByteSource
    private let prefix: [UInt8]
    private let extents: [Range<Int>]
    /// The position of each extent in the window.
    private let starts: [Int]

    /// Creates a window of `prefix`, followed by the bytes of `base` in each of `extents`.
    init(_ base: any ByteSource, prefix: [UInt8] = [], _ extents: [Range<Int>]) {
        self.base = base
        self.prefix = prefix
        self.extents = extents.filter { !$0.isEmpty }
        var position = prefix.count
        starts = self.extents.map { extent in
            defer { position += extent.count }
            return position
        }
        size = position
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

    /// Reads contiguous bytes.
    private func readPart(_ destination: UnsafeMutableRawBufferPointer, at position: Int) -> Int {
        if position < prefix.count {
            let part = prefix[position..<min(prefix.count, position + destination.count)]
            destination.copyBytes(from: part)
            return part.count
        }
        // Finds the last extent that begins at or before `position`.
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= position { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return 0 }
        let offset = position - starts[low - 1]
        let count = min(destination.count, extents[low - 1].count - offset)
        return base.read(
            UnsafeMutableRawBufferPointer(rebasing: destination[..<count]), at: extents[low - 1].lowerBound + offset)
    }
}
