// Bytes with random access: an open file, or a window on one.

import Glibc

/// A fixed number of bytes. Only one thread at a time may use it; a read may wait for the disk.
protocol ByteSource: AnyObject {
    /// The number of bytes.
    var size: Int { get }

    /// Copies bytes from `position`; returns their number, which is smaller than the buffer only at the end or after a
    /// disk error.
    func read(_ destination: UnsafeMutableRawBufferPointer, at position: Int) -> Int

    /// Returns the position in the file of the byte at `position`, or of the next one that comes from the file.
    func filePosition(of position: Int) -> Int
}

extension ByteSource {
    /// The same position: this is the file itself.
    func filePosition(of position: Int) -> Int { position }

    /// Returns a copy of the bytes in `range`, as far as they exist.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        let range = range.clamped(to: 0..<max(0, size))
        // Of no bytes, this initializer writes into the empty array that all threads share.
        guard !range.isEmpty else { return [] }
        return [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            count = read(UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
        }
    }

    /// Returns whether the bytes at `position` are the characters of `text`.
    func has(_ text: String, at position: Int) -> Bool {
        position >= 0 && bytes(position..<position + text.utf8.count).elementsEqual(text.utf8)
    }

    /// Returns the position of the first `pattern` at or after `start`; nil where there is none.
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

    /// Returns the position of the first byte other than zero at or after `start`; nil where there is none.
    func firstNonzero(from start: Int) -> Int? {
        for position in stride(from: start, to: size, by: 1 << 20) {
            if let offset = bytes(position..<position + 1 << 20).firstIndex(where: { $0 != 0 }) {
                return position + offset
            }
        }
        return nil
    }

    /// Returns the offset of the first `pattern` in `bytes`; the system's search for one byte does nearly all of the
    /// work.
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
