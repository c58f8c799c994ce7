// Finds the last whole frame of a FLAC file that was cut off, and puts the file in order.

import Glibc

/// The end of a FLAC file (RFC 9639). A file whose writer died has no length in its header and may end in the middle of a
/// frame; all before that is whole.
public struct FLACTail: Equatable, Sendable {
    /// What the header says about the stream.
    struct StreamInfo: Equatable {
        /// Frames of every block but the last.
        var block: Int
        var channels: Int
        var bits: Int
        /// 0 when the writer did not come to say.
        var frames: Int64
        /// Where the first frame begins.
        var firstFrame: Int
    }

    /// Bytes from the beginning of what was searched to the end of the last whole frame.
    public var end: Int
    /// Frames of sound up to there.
    public var frames: Int64

    /// The last whole frame within `bytes`, which are the end of a file and may begin anywhere; `nil` when there is none.
    ///
    /// A frame is whole when its header's CRC-8 and its own CRC-16 hold, up to the end of the bytes or up to the header of
    /// the frame with the next number: 40 bits that chance would have to hit.
    static func find(in bytes: ArraySlice<UInt8>, of info: StreamInfo) -> FLACTail? {
        var later: [(place: Int, number: Int64)] = []
        for place in bytes.indices.reversed() {
            guard bytes[place] == 0xFF, let header = FLACFrameHeader(bytes[place...], of: info) else { continue }
            let next = later.filter { $0.number == header.number + 1 }.map(\.place)
            for end in [bytes.endIndex] + next where end - place > header.length + 2 {
                let stored = Int(bytes[end - 2]) << 8 | Int(bytes[end - 1])
                guard FLACFrameHeader.crc16(bytes[place..<end - 2]) == stored else { continue }
                return FLACTail(
                    end: end - bytes.startIndex, frames: header.number * Int64(info.block) + Int64(header.block))
            }
            later.append((place, header.number))
            // Only neighbours can prove each other.
            if later.count > 64 { later.removeFirst() }
        }
        return nil
    }

    /// Puts a FLAC file in order that may have been cut off: half a frame at its end goes, and its header gets the length.
    /// Returns the frames of sound in it. A file that is in order is not touched. Nothing is rewritten but the header's 36
    /// bits, so it takes no time and no room on the disk.
    public static func mend(path: String) throws(AudioFileError) -> Int64 {
        let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            let detail = String(cString: strerror(errno))
            throw errno == ENOENT ? .missing(path: path, detail: detail) : .unusable(path: path, detail: detail)
        }
        defer { Glibc.close(descriptor) }
        return try mend(descriptor, path: path)
    }

    /// The same with a file that is open for reading and writing; `path` is only for messages.
    static func mend(_ descriptor: Int32, path: String) throws(AudioFileError) -> Int64 {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        // Killed before the first block.
        guard size > 0 else { return 0 }
        guard let info = StreamInfo(read(descriptor, 0..<min(size, 65_536))) else {
            throw .unusable(path: path, detail: "it does not begin as a FLAC file does")
        }
        let found = locate(descriptor, size: size, info)
        guard found.end != size || found.frames != info.frames else { return found.frames }
        guard ftruncate(descriptor, off_t(found.end)) == 0, store(found.frames, descriptor) else {
            throw .unwritable(path: path, detail: String(cString: strerror(errno)))
        }
        return found.frames
    }

    /// Frames of sound in a file that may still grow; `nil` when it is no FLAC file. It is only read.
    public static func frames(path: String) -> Int64? {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard let info = StreamInfo(read(descriptor, 0..<min(size, 65_536))) else { return nil }
        if info.frames > 0 { return info.frames }
        return locate(descriptor, size: size, info).frames
    }

    /// Looks for the last whole frame from the end backwards, in pieces that hold two of the largest there can be.
    private static func locate(_ descriptor: Int32, size: Int, _ info: StreamInfo) -> FLACTail {
        let reach = 2 * (info.block * info.channels * 4 + 1_024)
        var end = size
        while end > info.firstFrame {
            let from = max(info.firstFrame, end - reach)
            if let tail = find(in: read(descriptor, from..<end)[...], of: info) {
                return FLACTail(end: from + tail.end, frames: tail.frames)
            }
            end = from == info.firstFrame ? from : from + reach / 2
        }
        return FLACTail(end: min(size, info.firstFrame), frames: 0)
    }

    /// The header's field of 36 bits; the upper four share a byte with the sample's width.
    private static func store(_ frames: Int64, _ descriptor: Int32) -> Bool {
        var field = read(descriptor, 21..<26)
        guard field.count == 5 else { return false }
        field[0] = field[0] & 0xF0 | UInt8(truncatingIfNeeded: frames >> 32) & 0x0F
        for index in 1...4 { field[index] = UInt8(truncatingIfNeeded: frames >> (8 * (4 - index))) }
        return pwrite(descriptor, field, 5, 21) == 5
    }

    private static func read(_ descriptor: Int32, _ range: Range<Int>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = pread(descriptor, &bytes, bytes.count, off_t(range.lowerBound))
        bytes.removeLast(bytes.count - max(0, count))
        return bytes
    }
}

extension FLACTail.StreamInfo {
    /// Reads the marker and the metadata blocks; `nil` when these are not the beginning of a FLAC file of equal blocks.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 42, bytes.starts(with: Array("fLaC".utf8)), bytes[4] & 0x7F == 0 else { return nil }
        block = Int(bytes[8]) << 8 | Int(bytes[9])
        guard block >= 16, block == Int(bytes[10]) << 8 | Int(bytes[11]) else { return nil }
        channels = Int(bytes[20] >> 1 & 7) + 1
        bits = Int(bytes[20] & 1) << 4 | Int(bytes[21] >> 4) + 1
        frames = bytes[21..<26].reduce(0) { $0 << 8 | Int64($1) } & 0xF_FFFF_FFFF
        firstFrame = 4
        var isLast = false
        while !isLast {
            guard firstFrame + 4 <= bytes.count else { return nil }
            isLast = bytes[firstFrame] & 0x80 != 0
            firstFrame += 4 + bytes[firstFrame + 1...firstFrame + 3].reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
