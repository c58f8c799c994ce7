// Recognises the beginning of a recording of any kind.

/// The bytes by which files of audio begin.
enum RecordingMark {
    /// Texts at the beginning, and at an offset.
    private static let marks: [(String, Int, String)] = [
        ("fLaC", 4, ""), ("OggS\0", 5, ""), ("caff\0", 5, ""), (".snd\0", 5, ""), ("\0", 4, "ftyp"),
        ("RIFF", 8, "WAVE"), ("RIFX", 8, "WAVE"), ("RF64", 8, "WAVE"), ("BW64", 8, "WAVE"),
        ("FORM", 8, "AIFF"), ("FORM", 8, "AIFC"), ("riff", 24, "wave"), ("RIFF", 8, "AVI "),
        ("FLV\u{1}", 4, ""), ("TTA1\u{1}\0", 6, ""),
    ]
    /// The beginning of Matroska, and of ASF (WMA).
    static let matroska: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3]
    static let asf: [UInt8] = [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]

    /// Returns whether a recording begins at a position, also after tags.
    static func stands(in file: any ByteSource, at start: Int) -> Bool {
        let position = start + AudioPiece.tagLength(file, at: start)
        let head = file.bytes(position..<position + 40)
        let isMarked = marks.contains { mark, offset, other in
            head.starts(with: mark.utf8) && head.dropFirst(offset).starts(with: other.utf8)
        }
        return isMarked || [matroska, asf].contains(where: head.starts) || isWavPack(head)
            || isMPEG(file, at: position)
    }

    /// Returns whether a block of WavPack is the first one of a recording.
    private static func isWavPack(_ head: [UInt8]) -> Bool {
        guard head.count >= 28, head.starts(with: "wvpk".utf8) else { return false }
        // The index of its first frame, in 40 bits, and the flag of the first block of several with the same frames.
        return head[10] == 0 && head[16..<20].allSatisfy { $0 == 0 } && head[25] & 0x08 != 0
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
