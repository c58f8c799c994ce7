// Counts the frames of an MP3 file, and finds further recordings after the first.

/// MPEG audio. The only length that such a file may state is that of the Xing (or Fraunhofer) header in its first
/// frame; libsndfile estimates one where there is none, and stops there. Concatenated recordings, and frames beyond
/// the stated length, become separate pieces; a piece without a header gets one with the number of its frames.
///
/// Where no frame follows a frame, the file is damaged: silent frames replace that frame and the bytes up to the next.
/// Frames after it that begin in lost data (the bit reservoir of layer III) are made silent, for decoders would make
/// noise of them.
struct MPEGSurvey {
    fileprivate struct Recording {
        var start: Int
        var end: Int
        /// Number of audio frames found.
        var frames = 0
        /// Number of frames that its header states; nil without one.
        var stated: Int?
        /// Position of the first frame that its header does not count.
        var beyond: Int?
        /// Position of the first frame, and of the first one with audio.
        let header: Int
        let audio: Int
        let first: MPEGFrameHeader
        let head: [UInt8]
        /// Position of the latest frame with audio.
        var latest: Int?
        /// What is replaced, in order, by which bytes and how many times.
        var repairs: [(range: Range<Int>, bytes: [UInt8], times: Int)] = []
        /// The frames that are made silent thereby.
        var holes: [Range<Int>] = []
        /// Bytes for layer III since the last hole, until a frame needs no more of them.
        var reservoir: Int?
    }

    /// Largest distance of the first frame from the beginning, after unknown tags.
    private static let reach = 65_536
    /// Numbers of bytes after the last frame: those that decoders do not pass over, and those that are no padding.
    private static let (little, much) = (512, 8_192)

    private let file: any ByteSource
    private var recordings: [Recording] = []
    private var block: [UInt8] = []
    private var blockStart = 0
    /// Bytes that are no frames, up to the frame that is taken next.
    private var hole: Range<Int>?
    private var unread: Int?

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
            // The search for a frame looks ahead and returns.
            blockStart = max(0, position - 8_192)
            block = file.bytes(blockStart..<blockStart + 262_144)
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

    /// Returns the header at `position`, where it continues the recording or is confirmed by the frame after it.
    private mutating func frame(at position: Int) -> MPEGFrameHeader? {
        guard let head = header(at: position) else { return nil }
        if let last = recordings.last, head.continues(last.first) { return head }
        return synchronise(from: position, within: 1) == position ? head : nil
    }

    private mutating func walk(from start: Int) {
        guard var position = synchronise(from: start, within: Self.reach) else { return }
        var boundary = start
        while position < file.size {
            guard let head = frame(at: position) else {
                boundary = position
                let tag = AudioPiece.tagLength(file, at: position)
                guard !RecordingMark.stands(in: file, at: position + tag) || header(at: position + tag) != nil,
                    let next = synchronise(from: position + max(tag, 1), within: tag > 0 ? Self.reach : .max / 2)
                else {
                    break
                }
                if tag == 0 {
                    hole = position..<next
                    boundary = next
                }
                position = next
                continue
            }
            // The last frame may be truncated; decoders ignore it.
            guard position + head.length <= file.size else { break }
            take(head, at: position, from: boundary)
            hole = nil
            position += head.length
            boundary = position
        }
        guard !recordings.isEmpty else { return }
        let last = recordings.count - 1
        let end = boundary + AudioPiece.tagLength(file, at: boundary)
        unread = AudioPiece.unread(in: file, from: boundary)
        // Zeros after the frames are padding, or what was to be written there: no header tells that it is missing.
        if unread == nil, recordings[last].stated == nil, file.size - end >= Self.much { unread = end }
        // libmpg123 fails at much that is no frame.
        recordings[last].end = unread ?? (file.size - end >= Self.little ? end : file.size)
    }

    private mutating func take(_ head: MPEGFrameHeader, at position: Int, from boundary: Int) {
        let stated = statedFrames(head, at: position)
        if let last = recordings.last, stated == nil, head.continues(last.first) {
            let index = recordings.count - 1
            if let hole { recordings[index].replace(hole) }
            if recordings[index].reservoir != nil {
                let side = Array(bytes(at: position, head.infoOffset)).dropFirst(4)
                recordings[index].mute(head, side: side, at: position)
            }
            recordings[index].latest = position
            recordings[index].frames += 1
            if last.frames == last.stated { recordings[index].beyond = position }
            return
        }
        if !recordings.isEmpty { recordings[recordings.count - 1].end = boundary }
        recordings.append(
            Recording(
                start: recordings.isEmpty ? 0 : boundary, end: file.size, frames: stated == nil ? 1 : 0, stated: stated,
                header: position, audio: stated == nil ? position : position + head.length, first: head,
                head: Array(bytes(at: position, 4)), latest: stated == nil ? position : nil))
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
        var pieces = recordings.flatMap { recording -> [AudioPiece] in
            let range = recording.start..<recording.end
            if !recording.holes.isEmpty { return [repaired(recording, range)] }
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
        pieces[pieces.count - 1].unread = unread
        return pieces
    }

    /// Returns a damaged recording with silence in place of the damage, and a header that counts it.
    private func repaired(_ recording: Recording, _ range: Range<Int>) -> AudioPiece {
        let hasOwn = recording.audio > recording.header
        var position = hasOwn ? recording.audio : range.lowerBound + AudioPiece.tagLength(file, at: range.lowerBound)
        var parts: [ByteWindow.Part] = []
        // Frames that overlap, and a tag that a frame begins in, are found in damaged bytes alone: no byte is used twice.
        for repair in recording.repairs where repair.range.upperBound > position {
            let lower = max(position, repair.range.lowerBound)
            parts += [.file(position..<lower), .bytes(repair.bytes, times: repair.times)]
            position = repair.range.upperBound
        }
        if position < range.upperBound { parts.append(.file(position..<range.upperBound)) }
        if recording.first.layer == 3 {
            let size = parts.reduce(0) { $0 + $1.count }
            let own = hasOwn && (recording.stated ?? 0) > 0 ? corrected(recording, size) : nil
            parts.insert(.bytes(own ?? Self.header(recording.head, recording.frames)), at: 0)
        }
        let seconds = Double(recording.first.samples) / Double(recording.first.rate)
        return AudioPiece(
            source: ByteWindow(file, parts: parts), isOpenEnded: recording.first.layer != 3,
            holes: recording.holes.map { Double($0.lowerBound) * seconds..<Double($0.upperBound) * seconds })
    }

    /// Returns the header in the file, which knows how many frames of the encoder's delay are left out, with the right
    /// number of frames and bytes.
    private func corrected(_ recording: Recording, _ size: Int) -> [UInt8] {
        var own = file.bytes(recording.header..<recording.audio)
        func set(_ position: Int, _ number: Int) {
            guard position + 4 <= own.count else { return }
            own.replaceSubrange(position..<position + 4, with: Self.bigEndian(number))
        }
        let xing = recording.first.infoOffset
        if ["Xing", "Info"].contains(where: { own.dropFirst(xing).starts(with: $0.utf8) }) {
            set(xing + 8, recording.frames)
            if own[xing + 7] & 2 != 0 { set(xing + 12, own.count + size) }
        } else {
            set(36 + 10, own.count + size)
            set(36 + 14, recording.frames)
        }
        return own
    }

    /// Returns a recording with a header that states `frames`.
    private func counted(_ recording: Recording, _ range: Range<Int>, _ frames: Int) -> ByteWindow {
        let range = range.lowerBound + AudioPiece.tagLength(file, at: range.lowerBound)..<range.upperBound
        return ByteWindow(file, prefix: Self.header(recording.head, frames), [range])
    }

    /// Returns a frame of silence that states `frames`; decoders recognise it by the name in it.
    private static func header(_ head: [UInt8], _ frames: Int) -> [UInt8] {
        // A bitrate whose frames have room for the header.
        var frame = silence(head, bitrate: 8)
        guard let own = MPEGFrameHeader(frame) else { return [] }
        frame.replaceSubrange(
            own.infoOffset..<own.infoOffset + 12, with: Array("Xing".utf8) + [0, 0, 0, 1] + bigEndian(frames))
        return frame
    }

    /// Returns a frame of silence without checksum and padding.
    fileprivate static func silence(_ head: [UInt8], bitrate: UInt8) -> [UInt8] {
        var head = head
        head[1] |= 1
        head[2] = head[2] & 0x0D | bitrate << 4
        return head + [UInt8](repeating: 0, count: (MPEGFrameHeader(head)?.length ?? 4) - 4)
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }
}

extension MPEGSurvey.Recording {
    /// Replaces bytes without frames, and the frame before them, which does not reach the next one, by silence.
    fileprivate mutating func replace(_ hole: Range<Int>) {
        let range = (latest ?? hole.lowerBound)..<hole.upperBound
        let mean = frames > 0 ? Double(hole.lowerBound - audio) / Double(frames) : Double(first.length)
        let count = max(1, Int((Double(range.count) / max(1, mean)).rounded()))
        if latest != nil { frames -= 1 }
        // That frame may have been made silent in its place.
        if let last = repairs.last, last.range.lowerBound >= range.lowerBound { repairs.removeLast() }
        repairs.append((range, MPEGSurvey.silence(head, bitrate: 1), count))
        holes.append(frames..<frames + count)
        frames += count
        reservoir = first.layer == 3 ? 0 : nil
    }

    /// Makes a frame silent when it begins in lost data.
    fileprivate mutating func mute(_ head: MPEGFrameHeader, side: ArraySlice<UInt8>, at position: Int) {
        guard let held = reservoir, let hole = holes.last else { return }
        // A checksum comes first; MPEG-1 counts with nine bits, MPEG-2 with eight.
        let bytes = Array(side.dropFirst(head.hasChecksum ? 2 : 0).prefix(2))
        guard bytes.count == 2 else { return }
        let back = head.samples == 1152 ? Int(bytes[0]) << 1 | Int(bytes[1] >> 7) : Int(bytes[0])
        guard back > held else {
            reservoir = nil
            return
        }
        repairs.append((position + 4..<position + head.infoOffset, [0], head.infoOffset - 4))
        holes[holes.count - 1] = hole.lowerBound..<hole.upperBound + 1
        reservoir = held + max(0, head.length - head.infoOffset)
    }
}
