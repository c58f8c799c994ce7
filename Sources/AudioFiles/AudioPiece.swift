// One of several consecutive recordings in a file, and the division of a file into them.

/// The input of one decoder.
struct AudioPiece {
    /// The bytes for the decoder.
    let source: any ByteSource
    /// Whether the container states more bytes than there are.
    var isCutShort = false
    /// Whether the length in the header is meaningless, so that the audio ends at the end of the bytes.
    var isOpenEnded = false

    /// Returns the recordings in a file, in order; the file itself where its format is unknown.
    ///
    /// libsndfile relies on headers. This function finds what a header states wrongly or not at all: further
    /// recordings after the first, and lengths that were never written, did not fit, or are estimates. Where the
    /// header is right, the piece is the unchanged file.
    static func pieces(of file: any ByteSource) -> [AudioPiece] {
        ChunkSurvey.pieces(of: file) ?? OggSurvey.pieces(of: file) ?? FLACSurvey.pieces(of: file)
            ?? MPEGSurvey.pieces(of: file) ?? [AudioPiece(source: file)]
    }

    /// Returns the number of bytes of the ID3v2 tags at a position. Encoders write such tags before formats that do
    /// not define them.
    static func tagLength(_ file: any ByteSource, at start: Int) -> Int {
        var position = start
        while true {
            let head = file.bytes(position..<position + 10)
            guard head.count == 10, head.starts(with: Array("ID3".utf8)), head[6...9].allSatisfy({ $0 < 0x80 }) else {
                return position - start
            }
            position += 10 + head[6...9].reduce(0) { $0 << 7 | Int($1) } + (head[5] & 0x10 != 0 ? 10 : 0)
        }
    }
}
