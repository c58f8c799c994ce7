// Looks through a FLAC file for further FLAC files behind the first.

/// FLAC (RFC 9639): a file is a stream, and what `cat` makes of two files is two.
enum FLACSurvey {
    /// The marker and the head of the first block, which is always 34 bytes long.
    private static let beginning = Array("fLaC".utf8) + [0, 0, 0, 34]
    private static let lonely = Array("fLaC".utf8) + [0x80, 0, 0, 34]

    /// The streams; nil when this is no FLAC file.
    static func pieces(of file: any ByteSource) -> [AudioPiece]? {
        let tag = AudioPiece.tagLength(file, at: 0)
        guard file.has("fLaC", at: tag), let info = FLACTail.StreamInfo(file, at: tag) else { return nil }
        var starts = [tag]
        var position = min(info.firstFrame, file.size)
        // Pictures may hold anything, so the search passes over what precedes the frames.
        while let next = file.find(Array("fLaC".utf8), from: position) {
            let head = file.bytes(next..<next + beginning.count)
            if head == beginning || head == lonely, let info = FLACTail.StreamInfo(file, at: next) {
                starts.append(next)
                position = max(next + 1, info.firstFrame)
            } else {
                position = next + 1
            }
        }
        guard starts.count > 1 || tag > 0 else { return [AudioPiece(source: file)] }
        let ends = starts.dropFirst() + [file.size]
        return zip(starts, ends).map { AudioPiece(source: ByteWindow(file, [$0..<$1])) }
    }
}

extension FLACTail.StreamInfo {
    /// Reads the header of a stream of equal blocks that begins at `start`, however much metadata there is. `firstFrame`
    /// counts from the beginning of the source.
    init?(_ source: any ByteSource, at start: Int = 0) {
        var head = source.bytes(start..<start + 42)
        guard head.count == 42, head[4] & 0x7F == 0 else { return nil }
        // The reader of bytes follows the blocks: to it the first is the last.
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
