// Bytes that can be read at any place: an open file, or a window on one.

import Glibc

/// Bytes of a known number. One thread at a time; a read may wait for the disk.
protocol ByteSource: AnyObject {
    /// How many there are.
    var size: Int { get }

    /// Copies bytes from `position` on; returns how many, fewer than there is room for only at the end or where the disk fails.
    func read(_ destination: UnsafeMutableRawBufferPointer, at position: Int) -> Int
}

extension ByteSource {
    /// A copy of the bytes in `range`, as far as there are such.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        let range = range.clamped(to: 0..<max(0, size))
        return [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            count = range.isEmpty ? 0 : read(UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
        }
    }

    /// Whether the bytes at `position` are the characters of `text`.
    func has(_ text: String, at position: Int) -> Bool {
        position >= 0 && bytes(position..<position + text.utf8.count).elementsEqual(text.utf8)
    }

    /// The position of the first `pattern` at `start` or behind; nil where there is none.
    func find(_ pattern: [UInt8], from start: Int) -> Int? {
        var position = start
        let block = 1 << 20
        while position + pattern.count <= size {
            let piece = bytes(position..<position + block)
            guard piece.count >= pattern.count else { return nil }
            if let found = Self.offset(of: pattern, in: piece) { return position + found }
            position += piece.count - pattern.count + 1
        }
        return nil
    }

    /// Where `pattern` stands first in `bytes`; the system's search for one byte does nearly all of the work.
    private static func offset(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        guard let first = pattern.first else { return 0 }
        return bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var position = 0
            while position + pattern.count <= buffer.count,
                let hit = memchr(base + position, Int32(first), buffer.count - pattern.count + 1 - position)
            {
                position = UnsafeRawPointer(hit) - base
                if memcmp(base + position, pattern, pattern.count) == 0 { return position }
                position += 1
            }
            return nil
        }
    }
}
