// One of the recordings that lie one after another in a file, and how a file is taken apart into them.

/// What one decoder reads.
struct AudioPiece {
    /// The bytes that the decoder sees.
    let source: any ByteSource
    /// Whether the container promises more bytes than there are.
    var isCutShort = false
    /// Whether the length in the header means nothing, so that the end of the bytes is the end of the sound.
    var isOpenEnded = false

    /// The recordings in a file, in order; the file itself where nothing is known of its form.
    ///
    /// libsndfile believes headers. What a header does not say, or says wrongly, is found here: further recordings behind the
    /// first, lengths that were never written, did not fit, or are estimates. Where the header is right the piece is the file
    /// as it is.
    static func pieces(of file: any ByteSource) -> [AudioPiece] {
        ChunkSurvey.pieces(of: file) ?? OggSurvey.pieces(of: file) ?? FLACSurvey.pieces(of: file)
            ?? MPEGSurvey.pieces(of: file) ?? [AudioPiece(source: file)]
    }

    /// Bytes of the ID3v2 tags at a position, which encoders put before formats that know nothing of them.
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
