// Recognises the beginning of a recording of any kind.

/// The bytes by which files of audio begin.
enum RecordingMark {
    /// Texts at the beginning, and at an offset.
    private static let marks: [(String, Int, String)] = [
        ("fLaC", 4, ""), ("OggS\0", 5, ""), ("caff\0", 5, ""), (".snd\0", 5, ""), ("\0", 4, "ftyp"),
        ("RIFF", 8, "WAVE"), ("RIFX", 8, "WAVE"), ("RF64", 8, "WAVE"), ("BW64", 8, "WAVE"),
        ("FORM", 8, "AIFF"), ("FORM", 8, "AIFC"), ("riff", 24, "wave"),
    ]
    /// Matroska and ASF.
    private static let bytes: [[UInt8]] = [
        [0x1A, 0x45, 0xDF, 0xA3], [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11],
    ]

    /// Returns whether a recording begins at a position, also after tags.
    static func stands(in file: any ByteSource, at start: Int) -> Bool {
        let position = start + AudioPiece.tagLength(file, at: start)
        let head = file.bytes(position..<position + 40)
        let isMarked = marks.contains { mark, offset, other in
            head.starts(with: mark.utf8) && head.dropFirst(offset).starts(with: other.utf8)
        }
        return isMarked || bytes.contains(where: head.starts) || isMPEG(file, at: position)
    }

    /// Returns whether three frames of MPEG audio follow each other at a position.
    private static func isMPEG(_ file: any ByteSource, at start: Int) -> Bool {
        var position = start
        var first: MPEGFrameHeader?
        for _ in 0..<3 {
            guard let head = MPEGFrameHeader(file.bytes(position..<position + 4)), head.continues(first ?? head) else {
                return false
            }
            first = head
            position += head.length
        }
        return true
    }
}
