// Finds the end of the first recording in a file of the kinds that ffmpeg's libraries read.

/// MP4 (ISO 14496-12, also m4a), Matroska, ASF (WMA), AVI, FLV, WavPack and TTA. Each consists of units with their
/// lengths; where several recordings are joined, the libraries read the first one alone, or take the next for damage.
enum FilmSurvey {
    /// A kind of container, named after its units.
    private enum Kind {
        /// MP4, Matroska, ASF, AVI.
        case boxes, elements, objects, lists
        /// FLV, WavPack, TTA.
        case tags, blocks, frames
    }

    /// The first 8 of the 16 bytes that name the objects of ASF: header, data, and the indices.
    private static let objects: [[UInt8]] = [
        RecordingMark.asf, [0x36, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11],
        [0x90, 0x08, 0x00, 0x33, 0xB1, 0xE5, 0xCF, 0x11], [0xD3, 0x29, 0xE2, 0xD6, 0xDA, 0x35, 0xD1, 0x11],
        [0xF8, 0x03, 0xB1, 0xFE, 0xAD, 0x12, 0x64, 0x4C], [0xD0, 0x3F, 0xB7, 0x3C, 0x4A, 0x0C, 0x03, 0x48],
    ]

    /// Returns the recording at the beginning of a file; nil when the file is none of these.
    static func pieces(of file: any ByteSource) -> [AudioPiece]? {
        guard let kind = kind(of: file) else { return nil }
        guard let end = end(of: file, kind) else { return [AudioPiece(source: file)] }
        return [AudioPiece(source: ByteWindow(file, [0..<end]), unread: end)]
    }

    private static func kind(of file: any ByteSource) -> Kind? {
        let head = file.bytes(0..<12)
        func has(_ text: String, at position: Int = 0) -> Bool { head.dropFirst(position).starts(with: text.utf8) }
        if head.starts(with: RecordingMark.matroska) { return .elements }
        if head.starts(with: RecordingMark.asf) { return .objects }
        if has("RIFF"), has("AVI ", at: 8) { return .lists }
        if has("FLV\u{1}") { return .tags }
        if has("wvpk") { return .blocks }
        if has("TTA1") { return .frames }
        return ["ftyp", "moov", "mdat", "wide", "free", "skip"].contains { has($0, at: 4) } ? .boxes : nil
    }

    /// Returns the position of what follows the first recording; nil where nothing does, or the recording is in
    /// fragments, which the libraries read beyond a join.
    private static func end(of file: any ByteSource, _ kind: Kind) -> Int? {
        var position = 0
        // Hours of sound have fewer units.
        for _ in 0..<1_000_000 {
            guard let length = length(of: file, at: position, kind), length > 0 else {
                return position > 0 ? AudioPiece.unread(in: file, from: position) : nil
            }
            let (next, overflows) = position.addingReportingOverflow(length)
            guard !overflows, next < file.size else { return nil }
            if kind == .boxes, file.has("moof", at: position + 4) { return nil }
            position = next
            if RecordingMark.stands(in: file, at: position) { return position }
        }
        return nil
    }

    /// Returns the length of the unit at a position, `.max` where it is unknown; nil where there is no unit.
    private static func length(of file: any ByteSource, at position: Int, _ kind: Kind) -> Int? {
        let head = file.bytes(position..<position + 24)
        func big(_ range: Range<Int>) -> Int {
            Int(clamping: head[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        func little(_ range: Range<Int>) -> Int {
            Int(clamping: head[range].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        guard head.count >= 12 else { return nil }
        switch kind {
        case .boxes:
            guard head[4..<8].allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
            let size = big(0..<4)
            return size == 0 ? .max : size == 1 && head.count >= 16 ? big(8..<16) : size
        case .elements:
            guard [RecordingMark.matroska, [0x18, 0x53, 0x80, 0x67]].contains(where: head.starts) else { return nil }
            let width = head[4].leadingZeroBitCount + 1
            guard width <= 8 else { return nil }
            let size = big(4..<4 + width) & ((1 << (7 * width)) - 1)
            // All ones: the length is unknown.
            return size == (1 << (7 * width)) - 1 ? .max : 4 + width + size
        case .objects:
            guard head.count == 24, objects.contains(where: head.starts) else { return nil }
            // A stream of unknown length has 0.
            return little(16..<24) == 0 ? .max : little(16..<24)
        case .lists:
            guard head.starts(with: "RIFF".utf8), head[8..<11].elementsEqual("AVI".utf8) else { return nil }
            return 8 + (little(4..<8) + 1) / 2 * 2
        case .tags:
            // The length of the header, or of a tag, and that length again.
            if position == 0 { return big(5..<9) + 4 }
            return [8, 9, 18].contains(head[0]) ? 11 + big(1..<4) + 4 : nil
        case .blocks:
            return head.starts(with: "wvpk".utf8) ? 8 + little(4..<8) : nil
        case .frames:
            return position == 0 && head.count == 24 ? tta(file, rate: little(10..<14), samples: little(14..<18)) : nil
        }
    }

    /// Returns the length of a TTA file: its header, a table with the lengths of its frames, and these.
    private static func tta(_ file: any ByteSource, rate: Int, samples: Int) -> Int? {
        let frame = rate * 256 / 245
        guard frame > 0 else { return nil }
        let count = (samples + frame - 1) / frame
        let table = file.bytes(22..<22 + 4 * count)
        guard table.count == 4 * count else { return nil }
        return stride(from: 0, to: table.count, by: 4).reduce(22 + 4 * count + 4) { sum, index in
            sum + table[index..<index + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
