// Finds the end of the first recording in a file of the kinds that ffmpeg's libraries read.

/// MP4 (ISO 14496-12, also m4a) and Matroska. The libraries read the first recording alone when several are joined.
enum FilmSurvey {
    /// Returns the position of what follows the first recording; nil where nothing does, the kind is unknown, or the
    /// recording is in fragments, which the libraries read beyond a join.
    static func end(of file: any ByteSource) -> Int? {
        var position = 0
        // A live recording consists of many fragments; further ones are not searched.
        for _ in 0..<100_000 {
            guard let length = length(of: file, at: position), length > 0 else {
                return position > 0 ? AudioPiece.unread(in: file, from: position) : nil
            }
            let (next, overflows) = position.addingReportingOverflow(length)
            guard !overflows, next < file.size else { return nil }
            if file.has("moof", at: position + 4) { return nil }
            position = next
            if RecordingMark.stands(in: file, at: position) { return position }
        }
        return nil
    }

    /// Returns the length of a box or of an element at the top; nil where there is none.
    private static func length(of file: any ByteSource, at position: Int) -> Int? {
        let head = file.bytes(position..<position + 16)
        guard head.count >= 12 else { return nil }
        func number(_ bytes: ArraySlice<UInt8>) -> Int {
            Int(clamping: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        if [[0x1A, 0x45, 0xDF, 0xA3], [0x18, 0x53, 0x80, 0x67]].contains(where: head.starts) {
            let width = head[4].leadingZeroBitCount + 1
            guard width <= 8 else { return nil }
            let size = number(head[4..<4 + width]) & ((1 << (7 * width)) - 1)
            // All ones: the length is unknown.
            return size == (1 << (7 * width)) - 1 ? .max : 4 + width + size
        }
        guard head[4..<8].allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        let size = number(head[0..<4])
        return size == 0 ? .max : size == 1 && head.count == 16 ? number(head[8..<16]) : size
    }
}
