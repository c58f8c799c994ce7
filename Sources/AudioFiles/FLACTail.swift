// Finds the last complete FLAC frame of a truncated file, and repairs the file.

import AudioCore
import Glibc
import System

/// The end of a FLAC file (RFC 9639). A file whose writer died has no length in its header and may end within a FLAC
/// frame; all frames before it are complete.
public struct FLACTail: Equatable, Sendable {
    /// The stream information in the header.
    struct StreamInfo: Equatable {
        /// Audio frames in every block except the last.
        var block: Int
        var channels: Int
        var bits: Int
        var rate: Int
        /// 0 when the writer did not store the number.
        var frames: Int64
        /// Position of the first FLAC frame.
        var firstFrame: Int
    }

    /// Bytes from the beginning of the searched range to the end of the last complete FLAC frame.
    public var end: Int
    /// Number of audio frames up to `end`.
    public var frames: Int64

    /// Returns the last complete FLAC frame within `bytes`, which are the end of a file and may begin anywhere; `nil`
    /// when there is none.
    ///
    /// A FLAC frame is complete when its header's CRC-8 and its own CRC-16 match, up to the end of the bytes or up to
    /// the header of the frame with the next number: 40 bits that would have to match by chance.
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
            // Only adjacent frames can confirm each other.
            if later.count > 64 { later.removeFirst() }
        }
        return nil
    }

    /// Returns the first complete FLAC frame within `bytes` whose number is at least `number`; `nil` when there is
    /// none. The frame is confirmed by its checksums and by the data after it: the next frame, or, where `isEnd`, the
    /// end.
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

    /// Repairs a FLAC file that may be truncated: removes an incomplete FLAC frame at its end and writes the length
    /// into its header. Returns the number of audio frames in the file. Does not change a file that is in order. It
    /// rewrites only the header's 36 bits, so it needs no additional disk space and little time.
    ///
    /// - Parameter force: remove damaged data even when that is more than the unfinished end. Without it, a file that
    ///   is damaged in its middle is rejected and not changed.
    public static func mend(path: String, force: Bool = false) throws(AudioFileError) -> Int64 {
        let descriptor = try AudioFileError.opening(path, O_RDWR).descriptor
        defer { Glibc.close(descriptor) }
        return try mend(descriptor, path: path, force: force)
    }

    /// The same for a file that is open for reading and writing; `path` is used only in messages.
    static func mend(_ descriptor: Int32, path: String, force: Bool = false) throws(AudioFileError) -> Int64 {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        // The writer was killed before the first block.
        guard size > 0 else { return 0 }
        guard let info = StreamInfo(read(descriptor, 0..<min(size, 65_536))) else {
            // The power failed before the beginning was on the disk, and thus before any data after it was reported as
            // written.
            let start = read(descriptor, 0..<min(size, 26))
            let isUnwritten =
                size <= 4096
                || (size <= 1 << 20 && (start.prefix(4) + start.dropFirst(8)).contains { $0 != 0 } == false)
            guard isUnwritten || force else {
                throw .unusable(path: path, detail: "it does not begin with a FLAC header")
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
                    "its last \(size - found.end) bytes contain no complete block, which is more than the end of a recording "
                    + "that was interrupted: copy the file, then cut them off with \"timbre sessions repair --force\"")
        }
        guard ftruncate(descriptor, off_t(found.end)) == 0, store(found.frames, descriptor), fdatasync(descriptor) == 0
        else {
            throw .unwritable(path: path, detail: SystemError.last.description)
        }
        return found.frames
    }

    /// Returns the format in the header of a file; `nil` when it does not begin like a FLAC file.
    public static func format(path: String) -> AudioFormat? {
        guard let descriptor = try? AudioFileError.opening(path).descriptor else { return nil }
        defer { Glibc.close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        return StreamInfo(read(descriptor, 0..<min(max(0, size), 65_536))).map {
            AudioFormat(sampleRate: $0.rate, channels: $0.channels)
        }
    }

    /// Returns the number of audio frames in a file that may still grow; `nil` when it is not a FLAC file. The file is
    /// only read.
    public static func frames(path: String) -> Int64? {
        guard let descriptor = try? AudioFileError.opening(path).descriptor else { return nil }
        defer { Glibc.close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard let info = StreamInfo(read(descriptor, 0..<min(size, 65_536))) else { return nil }
        if info.frames > 0 { return info.frames }
        return locate(descriptor, size: size, info).frames
    }

    /// Searches the last complete FLAC frame backwards from the end, in pieces that hold two frames of the largest
    /// size.
    private static func locate(_ descriptor: Int32, size: Int, _ info: StreamInfo) -> FLACTail {
        locate(size: size, info) { read(descriptor, $0) }
    }

    /// The same with a function that returns the bytes of a range.
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

    /// Writes the 36-bit field of the header; its upper four bits share a byte with the sample width.
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
    /// Largest number of bytes that an interrupted recording leaves unfinished: four seconds that were not on the disk
    /// yet, and a block.
    var unfinished: Int { (4 * rate + 2 * block) * channels * 4 + 1_024 }

    /// Parses the marker and the metadata blocks; returns `nil` when these are not the beginning of a FLAC file with a
    /// fixed block size.
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
