// Finds further FLAC streams after the first in a file.

/// FLAC (RFC 9639): a file is one stream; the concatenation of two files contains two.
enum FLACSurvey {
    /// The marker and the header of the first metadata block, which is always 34 bytes long.
    private static let beginning = Array("fLaC".utf8) + [0, 0, 0, 34]
    private static let lonely = Array("fLaC".utf8) + [0x80, 0, 0, 34]

    /// Returns the streams; nil when this is not a FLAC file.
    static func pieces(of file: any ByteSource) -> [AudioPiece]? {
        let tag = AudioPiece.tagLength(file, at: 0)
        guard file.has("fLaC", at: tag), let info = FLACTail.StreamInfo(file, at: tag) else { return nil }
        var starts = [tag]
        var position = min(info.firstFrame, file.size)
        // Embedded pictures may contain any bytes, so the search skips the metadata before the FLAC frames.
        while let next = file.find(Array("fLaC".utf8), from: position) {
            let head = file.bytes(next..<next + beginning.count)
            if head == beginning || head == lonely, let info = FLACTail.StreamInfo(file, at: next) {
                starts.append(next)
                position = max(next + 1, info.firstFrame)
            } else {
                position = next + 1
            }
        }
        var pieces = [AudioPiece(source: file)]
        if starts.count > 1 || tag > 0 {
            pieces = zip(starts, starts.dropFirst() + [file.size]).map {
                AudioPiece(source: ByteWindow(file, [$0..<$1]))
            }
        }
        let (start, last) = (starts[starts.count - 1], pieces.count - 1)
        guard let info = FLACTail.StreamInfo(pieces[last].source) else { return pieces }
        let tail = FLACTail.locate(size: file.size - start, info) { pieces[last].source.bytes($0) }
        let end = frameEnd(file, from: start + tail.end, info)
        // A file that breaks off, or is still written, ends with a part of a FLAC frame.
        pieces[last].unread = AudioPiece.unread(in: file, from: end, much: info.longest)
        if let unread = pieces[last].unread, RecordingMark.stands(in: file, at: unread) {
            pieces[last].source = ByteWindow(file, [start..<unread])
        }
        // Without a length, decoders pass over it without a word.
        let rest = end + AudioPiece.tagLength(file, at: end)
        if info.frames == 0, pieces[last].unread == nil, file.firstNonzero(from: rest) != nil {
            pieces[last].cut = .block
        }
        return pieces
    }

    /// Returns the end of the FLAC frame at `start`, which is followed by something else than a frame; `start` where
    /// there is none. The checksum alone may match too early, so an end before tags or a recording is preferred.
    private static func frameEnd(_ file: any ByteSource, from start: Int, _ info: FLACTail.StreamInfo) -> Int {
        let bytes = file.bytes(start..<start + info.longest)
        guard let header = FLACFrameHeader(bytes[...], of: info) else { return start }
        let ends = FLACFrameHeader.ends(of: bytes, from: header.length + 3).map { start + $0 }
        return ends.first { AudioPiece.tagLength(file, at: $0) > 0 || RecordingMark.stands(in: file, at: $0) }
            ?? ends.first ?? start
    }
}

extension FLACTail.StreamInfo {
    /// Largest size of a FLAC frame in bytes.
    var longest: Int { block * channels * 4 + 1_024 }

    /// Parses the header of a stream with a fixed block size that begins at `start`, with any amount of metadata.
    /// `firstFrame` counts from the beginning of the source.
    init?(_ source: any ByteSource, at start: Int = 0) {
        var head = source.bytes(start..<start + 42)
        guard head.count == 42, head[4] & 0x7F == 0 else { return nil }
        // This initializer follows the metadata blocks itself, so the first block is marked as the last one for the
        // parser of bytes.
        let isLast = head[4] & 0x80 != 0
        head[4] |= 0x80
        self.init(head)
        guard head[5...7].elementsEqual([0, 0, 34]) else { return nil }
        firstFrame = start + 42
        var isDone = isLast
        while !isDone {
            let block = source.bytes(firstFrame..<firstFrame + 4)
            guard block.count == 4 else { return nil }
            isDone = block[0] & 0x80 != 0
            firstFrame += 4 + block[1...3].reduce(0) { $0 << 8 | Int($1) }
        }
        guard firstFrame <= source.size else { return nil }
    }
}
