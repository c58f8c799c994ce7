// Decodes FLAC with libsndfile, across damage and beyond a wrong length.

import AudioCore

/// A FLAC stream with a fixed block size. libsndfile stops at damage and relies on the length in the header. After
/// damage, this decoder passes it the stream from the next complete FLAC frame; the number of that frame determines
/// how much is missing, and silence replaces it.
final class FLACDecoder: AudioDecoder {
    let format: AudioFormat
    let frames: Int?

    private let source: any ByteSource
    private let info: FLACTail.StreamInfo
    /// Total number of audio frames, 0 where unknown; and the number of the first one.
    private let total: Int64
    private let first: Int64
    private var decoder: SoundFileDecoder
    /// Offset from a position in the decoder's window to the position in the source.
    private var origin = 0
    private var position: Int64 = 0
    private var silence: Int64 = 0
    /// The FLAC frame after the latest damage: each search starts after it, so that the search terminates.
    private var resumed = -1
    /// Whether a search has found no later FLAC frame.
    private var isLast = false

    /// Opens a stream; returns nil when the source is not one with a fixed block size. Throws libsndfile's message
    /// when it rejects the stream.
    init?(_ source: any ByteSource) throws(DecoderRefusal) {
        guard source.has("fLaC", at: 0), let info = FLACTail.StreamInfo(source) else { return nil }
        self.source = source
        self.info = info
        let head = source.bytes(info.firstFrame..<info.firstFrame + 16)
        first = (FLACFrameHeader(head[...], of: info)?.number ?? 0) * Int64(info.block)
        let last = FLACTail.locate(size: source.size, info) { source.bytes($0) }
        let there = last.frames - first
        let isTooSmall = info.frames > 0 && there > info.frames
        total = isTooSmall ? there : info.frames
        decoder = try SoundFileDecoder(
            isTooSmall ? Self.window(source, from: info.firstFrame) : source, isOpenEnded: true)
        origin = isTooSmall ? info.firstFrame - Self.header : 0
        format = decoder.format
        frames = total > 0 ? Int(total) : nil
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int) -> Decoded {
        while true {
            if silence > 0 {
                let count = min(Int(silence), capacity)
                destination.update(repeating: 0, count: count * format.channels)
                silence -= Int64(count)
                position += Int64(count)
                return .damaged(count)
            }
            switch decoder.read(destination, capacity: capacity) {
            case .frames(let count):
                position += Int64(count)
                return .frames(count)
            case .damaged(let count):
                position += Int64(count)
                // libFLAC goes on by itself, but does not say how much it left out.
                if !isLast { isLast = !resume() }
                return .damaged(count)
            case .failed:
                // Tags after the last frame are not damage.
                if total > 0, position >= total { return .end(isCutShort: false) }
                if !resume() { return .end(isCutShort: true) }
            case .end, .reformatted:
                // Without a length in the header, libFLAC's end may be damage: only the lack of later frames tells.
                if total > 0, position >= total { return .end(isCutShort: false) }
                if !resume() { return .end(isCutShort: total > 0) }
            }
        }
    }

    /// Continues at the next complete FLAC frame after the damage; returns false where there is none.
    private func resume() -> Bool {
        let wanted = (position + first + Int64(info.block) - 1) / Int64(info.block)
        // libFLAC and libsndfile read ahead by less than this.
        var start = max(info.firstFrame, resumed + 1, origin + decoder.position - 65_536)
        while start < source.size {
            let bytes = source.bytes(start..<start + 65_536 + 2 * info.longest)
            if let found = FLACTail.first(in: bytes, from: wanted, isEnd: start + bytes.count == source.size, of: info)
            {
                let gap = found.number * Int64(info.block) - first - position
                guard total == 0 || position + gap < total,
                    let next = try? SoundFileDecoder(
                        Self.window(source, from: start + found.position), isOpenEnded: true)
                else { return false }
                decoder = next
                resumed = start + found.position
                origin = resumed - Self.header
                silence = gap
                return true
            }
            start += 65_536
        }
        return false
    }

    /// Size of a header that contains only the stream information, in bytes.
    private static let header = 42

    /// Returns the stream from a FLAC frame on, with a header that states no length.
    private static func window(_ source: any ByteSource, from position: Int) -> ByteWindow {
        var head = source.bytes(0..<header)
        // Marks the last metadata block; the 36 bits of length and the 128-bit checksum are set to unknown.
        head[4] = 0x80
        head[21] &= 0xF0
        for index in 22..<header { head[index] = 0 }
        return ByteWindow(source, prefix: head, [position..<source.size])
    }
}
