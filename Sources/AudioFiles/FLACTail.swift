// Finds the last whole frame of a FLAC file that was cut off, and puts the file in order.

import AudioCore
import Glibc
import System

/// The end of a FLAC file (RFC 9639). A file whose writer died has no length in its header and may end in the middle of a
/// frame; all before that is whole.
public struct FLACTail: Equatable, Sendable {
    /// What the header says about the stream.
    struct StreamInfo: Equatable {
        /// Frames of every block but the last.
        var block: Int
        var channels: Int
        var bits: Int
        var rate: Int
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
        var later: [(position: Int, number: Int64)] = []
        for position in bytes.indices.reversed() {
            guard bytes[position] == 0xFF, let header = FLACFrameHeader(bytes[position...], of: info) else { continue }
            let next = later.filter { $0.number == header.number + 1 }.map(\.position)
            for end in [bytes.endIndex] + next where end - position > header.length + 2 {
                let stored = Int(bytes[end - 2]) << 8 | Int(bytes[end - 1])
                guard FLACFrameHeader.crc16(bytes[position..<end - 2]) == stored else { continue }
                return FLACTail(
                    end: end - bytes.startIndex, frames: header.number * Int64(info.block) + Int64(header.block))
            }
            later.append((position, header.number))
            // Only neighbours can prove each other.
            if later.count > 64 { later.removeFirst() }
        }
        return nil
    }

    /// The first whole frame within `bytes` whose number is `number` or more; `nil` when there is none. The frame is proven by
    /// its checksums and by what follows it: the next frame, or, where `isEnd`, nothing.
    static func first(
        in bytes: [UInt8], from number: Int64, isEnd: Bool, of info: StreamInfo
    ) -> (position: Int, number: Int64)? {
        let longest = info.block * info.channels * 4 + 1_024
        func isWhole(_ position: Int, to end: Int) -> Bool {
            let stored = Int(bytes[end - 2]) << 8 | Int(bytes[end - 1])
            return FLACFrameHeader.crc16(bytes[position..<end - 2]) == stored
        }
        for position in bytes.indices where bytes[position] == 0xFF {
            guard let header = FLACFrameHeader(bytes[position...], of: info), header.number >= number else { continue }
            let least = position + header.length + 3
            guard least <= bytes.count else { return nil }
            for end in least..<max(least, min(bytes.count, position + longest)) where bytes[end] == 0xFF {
                guard FLACFrameHeader(bytes[end...], of: info)?.number == header.number + 1 else { continue }
                if isWhole(position, to: end) { return (position, header.number) }
            }
            if isEnd, bytes.count - position <= longest, isWhole(position, to: bytes.count) {
                return (position, header.number)
            }
        }
        return nil
    }

    /// Puts a FLAC file in order that may have been cut off: half a frame at its end goes, and its header gets the length.
    /// Returns the frames of sound in it. A file that is in order is not touched. Nothing is rewritten but the header's 36
    /// bits, so it takes no time and no room on the disk.
    ///
    /// - Parameter force: cut off what is damaged even when that is more than the unfinished end: without it a file that is
    ///   damaged in its middle is refused and stays as it is.
    public static func mend(path: String, force: Bool = false) throws(AudioFileError) -> Int64 {
        let descriptor = try AudioFileError.opening(path, O_RDWR).descriptor
        defer { Glibc.close(descriptor) }
        return try mend(descriptor, path: path, force: force)
    }

    /// The same with a file that is open for reading and writing; `path` is only for messages.
    static func mend(_ descriptor: Int32, path: String, force: Bool = false) throws(AudioFileError) -> Int64 {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        // Killed before the first block.
        guard size > 0 else { return 0 }
        guard let info = StreamInfo(read(descriptor, 0..<min(size, 65_536))) else {
            // The power went before the beginning was on the disk, and so before anything behind it was promised.
            let start = read(descriptor, 0..<min(size, 26))
            let isUnwritten =
                size <= 4096
                || (size <= 1 << 20 && (start.prefix(4) + start.dropFirst(8)).contains { $0 != 0 } == false)
            guard isUnwritten || force else {
                throw .unusable(path: path, detail: "it does not begin as a FLAC file does")
            }
            guard ftruncate(descriptor, 0) == 0 else {
                throw .unwritable(path: path, detail: SystemError.last.description)
            }
            return 0
        }
        let found = locate(descriptor, size: size, info)
        guard found.end != size || found.frames != info.frames else { return found.frames }
        guard force || size - found.end <= info.unfinished else {
            throw .unusable(
                path: path,
                detail:
                    "its last \(size - found.end) bytes hold no whole block, which is more than the end of a recording "
                    + "that was interrupted: copy the file, then cut them off with \"timbre sessions repair --force\"")
        }
        guard ftruncate(descriptor, off_t(found.end)) == 0, store(found.frames, descriptor), fdatasync(descriptor) == 0
        else {
            throw .unwritable(path: path, detail: SystemError.last.description)
        }
        return found.frames
    }

    /// The format that the header of a file gives; `nil` when it does not begin as a FLAC file does.
    public static func format(path: String) -> AudioFormat? {
        guard let descriptor = try? AudioFileError.opening(path).descriptor else { return nil }
        defer { Glibc.close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        return StreamInfo(read(descriptor, 0..<min(max(0, size), 65_536))).map {
            AudioFormat(sampleRate: $0.rate, channels: $0.channels)
        }
    }

    /// Frames of sound in a file that may still grow; `nil` when it is no FLAC file. It is only read.
    public static func frames(path: String) -> Int64? {
        guard let descriptor = try? AudioFileError.opening(path).descriptor else { return nil }
        defer { Glibc.close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard let info = StreamInfo(read(descriptor, 0..<min(size, 65_536))) else { return nil }
        if info.frames > 0 { return info.frames }
        return locate(descriptor, size: size, info).frames
    }

    /// Looks for the last whole frame from the end backwards, in pieces that hold two of the largest there can be.
    private static func locate(_ descriptor: Int32, size: Int, _ info: StreamInfo) -> FLACTail {
        locate(size: size, info) { read(descriptor, $0) }
    }

    /// The same where `read` gives the bytes of a range.
    static func locate(size: Int, _ info: StreamInfo, read: (Range<Int>) -> [UInt8]) -> FLACTail {
        let reach = 2 * (info.block * info.channels * 4 + 1_024)
        var end = size
        while end > info.firstFrame {
            let from = max(info.firstFrame, end - reach)
            if let tail = find(in: read(from..<end)[...], of: info) {
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
    /// Most bytes that an interrupted recording leaves unfinished: four seconds that the disk did not get yet, and a block.
    var unfinished: Int { (4 * rate + 2 * block) * channels * 4 + 1_024 }

    /// Reads the marker and the metadata blocks; `nil` when these are not the beginning of a FLAC file of equal blocks.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 42, bytes.starts(with: Array("fLaC".utf8)), bytes[4] & 0x7F == 0 else { return nil }
        block = Int(bytes[8]) << 8 | Int(bytes[9])
        guard block >= 16, block == Int(bytes[10]) << 8 | Int(bytes[11]) else { return nil }
        rate = Int(bytes[18]) << 12 | Int(bytes[19]) << 4 | Int(bytes[20] >> 4)
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
