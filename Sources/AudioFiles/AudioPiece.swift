// One of several consecutive recordings in a file, and the division of a file into them.

/// The input of one decoder.
struct AudioPiece {
    /// The sign that a recording was cut off, as the end of a sentence about it.
    enum Cut: String {
        case length = "before the length in its header"
        case block = "inside a block of audio: it was cut off"
        case mark = "without the mark of an end: it was cut off, or recorded from a running stream"
    }

    /// The bytes for the decoder.
    var source: any ByteSource
    /// The sign in the container that it ends before its recording does; nil where there is none.
    var cut: Cut?
    /// Whether the length in the header is meaningless, so that the audio ends at the end of the bytes.
    var isOpenEnded = false
    /// Lost audio, in seconds of the piece: silence is in its place, or, where a range is empty, nothing.
    var holes: [Range<Double>] = []
    /// The position in the file of data after this piece that belongs to no piece; nil where there is none.
    var unread: Int?

    /// Returns the recordings in a file, in order; the file itself where its format is unknown.
    ///
    /// libsndfile relies on headers. This function finds what a header states wrongly or not at all: further
    /// recordings after the first, and lengths that were never written, did not fit, or are estimates. Where the
    /// header is right, the piece is the unchanged file.
    static func pieces(of file: any ByteSource) -> [AudioPiece] {
        var pieces = consecutive(in: file)
        // Each part is surveyed to the end of the file: a limit keeps the work small.
        for _ in 0..<32 {
            guard let end = pieces.last?.unread, RecordingMark.stands(in: file, at: end) else { break }
            let start = end + tagLength(file, at: end)
            var more = consecutive(in: ByteWindow(file, [start..<file.size]))
            if let unread = more.last?.unread { more[more.count - 1].unread = start + unread }
            pieces[pieces.count - 1].unread = nil
            pieces += more
        }
        return pieces
    }

    /// Returns the recordings of one kind at the beginning of a file.
    private static func consecutive(in file: any ByteSource) -> [AudioPiece] {
        ChunkSurvey.pieces(of: file) ?? OggSurvey.pieces(of: file) ?? FLACSurvey.pieces(of: file)
            ?? FilmSurvey.pieces(of: file) ?? MPEGSurvey.pieces(of: file) ?? [AudioPiece(source: file)]
    }

    /// Returns the position of another recording, or of much else, that follows the end of a recording; nil where
    /// nothing but tags and padding does.
    ///
    /// - Parameter much: the smallest number of bytes that are not an unfinished end or an unknown tag.
    static func unread(in file: any ByteSource, from end: Int, much: Int = 8_192) -> Int? {
        let position = end + tagLength(file, at: end)
        if RecordingMark.stands(in: file, at: position) { return position }
        guard file.size - position >= much, let data = file.firstNonzero(from: position) else { return nil }
        return RecordingMark.stands(in: file, at: data) || file.size - data >= much ? data : nil
    }

    /// Returns the number of bytes of the tags at a position: ID3v2, which encoders write also before formats that do
    /// not define it, ID3v1 and APE.
    static func tagLength(_ file: any ByteSource, at start: Int) -> Int {
        var position = start
        while true {
            let head = file.bytes(position..<position + 32)
            if head.count >= 10, head.starts(with: Array("ID3".utf8)), head[3] < 0x20,
                head[6...9].allSatisfy({ $0 < 0x80 })
            {
                position += 10 + head[6...9].reduce(0) { $0 << 7 | Int($1) } + (head[5] & 0x10 != 0 ? 10 : 0)
            } else if head.count == 32, head.starts(with: Array("APETAGEX".utf8)) {
                position += 32 + head[12...15].reversed().reduce(0) { $0 << 8 | Int($1) }
            } else if head.starts(with: Array("TAG".utf8)), position + 128 <= file.size {
                position += 128
            } else {
                return position - start
            }
        }
    }
}
