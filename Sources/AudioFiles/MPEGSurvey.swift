// Counts the frames of an MP3 file, and finds further recordings after the first.

/// MPEG audio. The only length that such a file may state is that of the Xing (or Fraunhofer) header in its first
/// frame; libsndfile estimates one where there is none, and stops there. Concatenated recordings, and frames beyond
/// the stated length, become separate pieces; a piece without a header gets one with the number of its frames.
struct MPEGSurvey {
    private struct Recording {
        var start: Int
        var end: Int
        /// Number of audio frames found.
        var frames = 0
        /// Number of frames that its header states; nil without one.
        var stated: Int?
        /// Position of the first frame that its header does not count.
        var beyond: Int?
        let first: MPEGFrameHeader
        let head: [UInt8]
    }

    /// Largest distance of the first frame from the beginning, after unknown tags.
    private static let reach = 65_536

    private let file: any ByteSource
    private var recordings: [Recording] = []
    private var block: [UInt8] = []
    private var blockStart = 0

    /// Returns the recordings; nil when this is not MPEG audio.
    static func pieces(of file: any ByteSource) -> [AudioPiece]? {
        let tag = AudioPiece.tagLength(file, at: 0)
        guard tag > 0 || file.bytes(0..<2).first == 0xFF else { return nil }
        var survey = MPEGSurvey(file: file)
        survey.walk(from: tag)
        return survey.pieces
    }

    private init(file: any ByteSource) {
        self.file = file
    }

    private mutating func bytes(at position: Int, _ count: Int) -> ArraySlice<UInt8> {
        if position < blockStart || position + count > blockStart + block.count {
            blockStart = position
            block = file.bytes(position..<position + 262_144)
        }
        let offset = position - blockStart
        return block[min(offset, block.count)..<min(offset + count, block.count)]
    }

    private mutating func header(at position: Int) -> MPEGFrameHeader? { MPEGFrameHeader(bytes(at: position, 4)) }

    /// Returns the first position from `start` of a frame that is followed by another frame or by the end of the file.
    private mutating func synchronise(from start: Int, within reach: Int) -> Int? {
        var position = start
        while position < min(file.size, start + reach) {
            guard let next = bytes(at: position, 4096).firstIndex(of: 0xFF) else {
                position += 4096
                continue
            }
            position = blockStart + next
            if let head = header(at: position) {
                let end = position + head.length
                if end == file.size || header(at: end).map({ $0.continues(head) }) == true { return position }
            }
            position += 1
        }
        return nil
    }

    private mutating func walk(from start: Int) {
        guard var position = synchronise(from: start, within: Self.reach) else { return }
        var boundary = start
        while position < file.size {
            guard let head = header(at: position) else {
                boundary = position
                let tag = AudioPiece.tagLength(file, at: position)
                guard let next = synchronise(from: position + max(tag, 1), within: tag > 0 ? Self.reach : .max / 2)
                else {
                    break
                }
                position = next
                if tag == 0 { boundary = position }
                continue
            }
            // The last frame may be truncated; decoders ignore it.
            guard position + head.length <= file.size else { break }
            take(head, at: position, from: boundary)
            position += head.length
            boundary = position
        }
        if !recordings.isEmpty { recordings[recordings.count - 1].end = file.size }
    }

    private mutating func take(_ head: MPEGFrameHeader, at position: Int, from boundary: Int) {
        let stated = statedFrames(head, at: position)
        if let last = recordings.last, stated == nil, head.continues(last.first) {
            recordings[recordings.count - 1].frames += 1
            if last.frames == last.stated { recordings[recordings.count - 1].beyond = position }
            return
        }
        if !recordings.isEmpty { recordings[recordings.count - 1].end = boundary }
        recordings.append(
            Recording(
                start: recordings.isEmpty ? 0 : boundary, end: file.size, frames: stated == nil ? 1 : 0, stated: stated,
                first: head, head: Array(bytes(at: position, 4))))
    }

    /// Returns the number of frames in a Xing or Fraunhofer header, 0 when the header does not contain it; nil where
    /// the frame is not such a header.
    private mutating func statedFrames(_ head: MPEGFrameHeader, at position: Int) -> Int? {
        guard head.layer == 3 else { return nil }
        let frame = Array(bytes(at: position, min(head.length, 64)))
        func number(_ position: Int) -> Int { frame[position..<position + 4].reduce(0) { $0 << 8 | Int($1) } }
        let xing = head.infoOffset
        if frame.count >= xing + 12, ["Xing", "Info"].contains(where: { frame[xing...].starts(with: $0.utf8) }) {
            return number(xing + 4) & 1 != 0 ? number(xing + 8) : 0
        }
        if frame.count >= 36 + 18, frame[36...].starts(with: "VBRI".utf8) { return number(36 + 14) }
        return nil
    }

    private var pieces: [AudioPiece]? {
        guard !recordings.isEmpty else { return nil }
        return recordings.flatMap { recording -> [AudioPiece] in
            let range = recording.start..<recording.end
            let isWhole = range == 0..<file.size
            let source = isWhole ? file : ByteWindow(file, [range])
            guard recording.first.layer == 3 else { return [AudioPiece(source: source, isOpenEnded: true)] }
            guard let stated = recording.stated, stated > 0 else {
                return [AudioPiece(source: counted(recording, range, recording.frames))]
            }
            // Some programs do not count the header's own frame, or the last.
            guard let beyond = recording.beyond, recording.frames > stated + 1 else {
                return [AudioPiece(source: source)]
            }
            return [
                AudioPiece(source: ByteWindow(file, [range.lowerBound..<beyond])),
                AudioPiece(source: counted(recording, beyond..<range.upperBound, recording.frames - stated)),
            ]
        }
    }

    /// Returns a recording with a header that states `frames`: a frame of silence that decoders recognise by the name
    /// in it.
    private func counted(_ recording: Recording, _ range: Range<Int>, _ frames: Int) -> ByteWindow {
        let range = range.lowerBound + AudioPiece.tagLength(file, at: range.lowerBound)..<range.upperBound
        var head = recording.head
        // The frame has no checksum, a bitrate whose frames have room for the header, and no padding.
        head[1] |= 1
        head[2] = head[2] & 0x0D | 0x80
        guard let own = MPEGFrameHeader(head) else { return ByteWindow(file, [range]) }
        var frame = head + [UInt8](repeating: 0, count: own.length - 4)
        let count = (0..<4).map { UInt8(truncatingIfNeeded: frames >> (24 - 8 * $0)) }
        frame.replaceSubrange(own.infoOffset..<own.infoOffset + 12, with: Array("Xing".utf8) + [0, 0, 0, 1] + count)
        return ByteWindow(file, prefix: frame, [range])
    }
}
