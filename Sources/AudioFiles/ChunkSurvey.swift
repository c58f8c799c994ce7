// Finds the audio in containers made of chunks, and checks the length in the header.

/// WAV (RIFF, RIFX, RF64, BW64), AIFF, CAF, Wave64 and AU.
///
/// Only the chunk of the audio determines the length: the length of the whole file is wrong in many files that players
/// accept. A length that is too short comes from a recorder that died, or did not fit, when a multiple of 4 GiB is
/// missing.
enum ChunkSurvey {
    /// The layout of chunks in a container.
    private struct Layout {
        /// Position of the first chunk, from the beginning of the container.
        var first = 12
        var isBigEndian = false
        /// Size of a chunk's name and of its length, in bytes.
        var name = 4
        var length = 4
        /// Whether the length includes name and length fields.
        var isInclusive = false
        var alignment = 2
        /// The name of the chunk with the audio.
        var sound = "data"
    }

    /// Returns whether a length is a placeholder. Programs that do not know the length yet and cannot seek back write
    /// such values, sometimes increased by the size of headers.
    private static func isPlaceholder(_ length: Int) -> Bool {
        length >= 0xFFFF_0000 || (0x7FFF_0000...0x8000_0000).contains(length)
    }

    /// What follows the audio of a container.
    private enum Rest {
        /// Chunks and tags to the end of the file.
        case nothing
        /// Such, and then another recording at this position.
        case recording(Int)
        /// Neither: the audio goes on beyond its stated length, or it is followed by unknown data.
        case data
    }

    /// Returns the recordings in a container; nil when the file is none of these.
    static func pieces(of file: any ByteSource) -> [AudioPiece]? {
        guard let layout = layout(of: file, at: 0) else { return nil }
        guard layout.sound == "data", layout.length == 4 else { return [other(file, layout)] }
        if isMPEG(file, layout, at: 0), let sound = chunk("data", file, layout, from: 0) {
            return mpeg(file, layout, sound)
        }
        var pieces: [AudioPiece] = []
        var start = 0
        while let layout = Self.layout(of: file, at: start), layout.length == 4, layout.sound == "data" {
            guard !isMPEG(file, layout, at: start), let found = wave(file, layout, at: start) else {
                if !pieces.isEmpty { pieces[pieces.count - 1].unread = start }
                break
            }
            pieces.append(found.piece)
            start = found.end
        }
        return pieces.isEmpty ? [AudioPiece(source: file)] : pieces
    }

    /// Returns whether a WAV file contains MPEG audio.
    private static func isMPEG(_ file: any ByteSource, _ layout: Layout, at start: Int) -> Bool {
        guard let format = chunk("fmt ", file, layout, from: start) else { return false }
        return [0x50, 0x55].contains(number(file.bytes(format.position..<format.position + 2), layout))
    }

    /// Returns the recordings of MPEG audio in the data of a WAV file, without the container: libsndfile would estimate
    /// their length.
    private static func mpeg(
        _ file: any ByteSource, _ layout: Layout, _ sound: (position: Int, length: Int)
    ) -> [AudioPiece] {
        let stated = isPlaceholder(sound.length) ? file.size : sound.position + sound.length
        let end = min(stated, file.size)
        guard var pieces = MPEGSurvey.pieces(of: ByteWindow(file, [sound.position..<end])), var last = pieces.popLast()
        else { return [AudioPiece(source: file, unread: sound.position < end ? sound.position : nil)] }
        last.unread = last.unread.map { $0 + sound.position }
        if stated > file.size { last.cut = .length }
        if case .recording(let next) = rest(of: file, from: end, layout) { last.unread = next }
        return pieces + [last]
    }

    /// Returns what follows audio that ends at `end`.
    private static func rest(of file: any ByteSource, from end: Int, _ layout: Layout) -> Rest {
        var position = end
        let header = layout.name + layout.length
        for _ in 0..<10_000 {
            guard position < file.size else { return .nothing }
            let tag = AudioPiece.tagLength(file, at: position)
            if RecordingMark.stands(in: file, at: position + tag) { return .recording(position + tag) }
            if tag > 0 {
                position += tag
                continue
            }
            let head = file.bytes(position..<position + header)
            if head.first == 0, position < end + layout.alignment {
                // Padding, which belongs to the audio in some headers and not in others.
                position += 1
                continue
            }
            guard head.count == header, head.prefix(4).allSatisfy({ (0x20...0x7E).contains($0) }) else {
                // No more than a damaged end of a chunk.
                return file.size - position < 2 * header ? .nothing : .data
            }
            let written = number(head[layout.name...], layout)
            let (next, overflows) = position.addingReportingOverflow(
                layout.isInclusive ? max(header, written) : header + min(written, .max / 2))
            let isTag = ["LIST", "id3 ", "ID3 ", "bext", "iXML", "JUNK"].contains { head.starts(with: $0.utf8) }
            guard !overflows, next <= file.size || isTag else { return .data }
            position = next
            // Not every program pads chunks, and containers that are joined may begin anywhere.
            for _ in 1..<layout.alignment where file.bytes(position..<position + 1).first == 0 { position += 1 }
        }
        return .data
    }

    /// Returns the recording in an AIFF, CAF, Wave64 or AU file.
    private static func other(_ file: any ByteSource, _ layout: Layout) -> AudioPiece {
        var piece = AudioPiece(source: file)
        guard let sound = extent(file, layout) else { return piece }
        guard sound.upperBound <= file.size else {
            piece.cut = .length
            return piece
        }
        switch rest(of: file, from: sound.upperBound, layout) {
        case .nothing: break
        case .recording(let next): piece = AudioPiece(source: ByteWindow(file, [0..<next]), unread: next)
        case .data where layout.sound == ".snd":
            // Its recorder died, or did not know the length in time.
            let head = file.bytes(0..<8) + [255, 255, 255, 255]
            piece.source = ByteWindow(file, prefix: head, [12..<file.size])
        case .data: piece.unread = AudioPiece.unread(in: file, from: sound.upperBound, much: 64)
        }
        return piece
    }

    private static func layout(of file: any ByteSource, at start: Int) -> Layout? {
        let head = file.bytes(start..<start + 40)
        func has(_ text: String, at position: Int = 0) -> Bool { head.dropFirst(position).starts(with: text.utf8) }
        if has("RIFF") || has("RF64") || has("BW64"), has("WAVE", at: 8) { return Layout() }
        if has("RIFX"), has("WAVE", at: 8) { return Layout(isBigEndian: true) }
        guard start == 0 else { return nil }
        if has("FORM"), has("AIFF", at: 8) || has("AIFC", at: 8) { return Layout(isBigEndian: true, sound: "SSND") }
        if has("caff") { return Layout(first: 8, isBigEndian: true, length: 8, alignment: 1) }
        if has("riff"), head.count == 40 {
            return Layout(first: 40, name: 16, length: 8, isInclusive: true, alignment: 8)
        }
        if has(".snd") { return Layout(isBigEndian: true, sound: ".snd") }
        return nil
    }

    private static func number(_ bytes: some Collection<UInt8>, _ layout: Layout) -> Int {
        let ordered = layout.isBigEndian ? Array(bytes) : bytes.reversed()
        return Int(clamping: ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Returns the position of a chunk's content, and its length; nil when there is no such chunk.
    private static func chunk(
        _ name: String, _ file: any ByteSource, _ layout: Layout, from start: Int
    ) -> (position: Int, length: Int)? {
        var position = start + layout.first
        let header = layout.name + layout.length
        // No file has more chunks than this before its audio.
        for _ in 0..<10_000 {
            let head = file.bytes(position..<position + header)
            guard head.count == header else { return nil }
            let written = number(head[layout.name...], layout)
            let length = layout.isInclusive ? max(0, written - header) : written
            if head.starts(with: name.utf8) { return (position + header, length) }
            let (end, overflows) = (position + header).addingReportingOverflow(length)
            guard !overflows, end < file.size else { return nil }
            position = start + (end - start + layout.alignment - 1) / layout.alignment * layout.alignment
        }
        return nil
    }

    /// Returns the stated range of the audio in an AIFF, CAF, Wave64 or AU file; nil where none is stated.
    private static func extent(_ file: any ByteSource, _ layout: Layout) -> Range<Int>? {
        if layout.sound == ".snd" {
            let head = file.bytes(0..<12)
            guard head.count == 12 else { return nil }
            let (position, length) = (number(head[4..<8], layout), number(head[8..<12], layout))
            return length < 0xFFFF_FFFF ? position..<position + length : nil
        }
        guard let found = chunk(layout.sound, file, layout, from: 0), found.length < .max / 2 else { return nil }
        if layout.length == 4, isPlaceholder(found.length) { return nil }
        return found.position..<found.position + found.length
    }

    /// Returns the recording of a WAV file that begins at `start`, and the position after it.
    private static func wave(
        _ file: any ByteSource, _ layout: Layout, at start: Int
    ) -> (piece: AudioPiece, end: Int)? {
        guard let found = chunk("data", file, layout, from: start) else { return nil }
        let there = file.size - found.position
        let isLong = !file.has("RIF", at: start)
        var stated = found.length
        var isUnknown = isPlaceholder(stated)
        if isLong, stated == 0xFFFF_FFFF, let long = chunk("ds64", file, layout, from: start), long.length >= 24 {
            stated = number(file.bytes(long.position + 8..<long.position + 16), layout)
            isUnknown = stated == Int.max
        } else if there - stated >= 1 << 32 {
            stated += ((there - stated) >> 32) << 32
        }
        var next = file.size
        var unread: Int?
        if !isUnknown, stated <= there {
            switch rest(of: file, from: found.position + stated, layout) {
            case .nothing: break
            case .recording(let position): next = position
            // The recorder died after it had last written the length.
            case .data: isUnknown = true
            }
        }
        if isUnknown {
            next = following(file, from: found.position + min(stated, there)) ?? file.size
            stated = next - found.position
        }
        if next < file.size, Self.layout(of: file, at: next)?.sound != "data" { unread = next }
        let end = found.position + min(stated, there)
        let isRight = stated == found.length || (found.length == 0xFFFF_FFFF && (isLong ? !isUnknown : there < 1 << 32))
        guard !isRight || start > 0 || next < file.size else {
            return (AudioPiece(source: file, cut: stated > there ? .length : nil), next)
        }
        let header = header(file.bytes(start..<found.position), end - found.position, layout)
        let window = ByteWindow(file, prefix: header, [found.position..<end])
        return (AudioPiece(source: window, cut: stated > there ? .length : nil, unread: unread), next)
    }

    /// Returns the position of the next WAV file at or after `start`; nil where there is none.
    private static func following(_ file: any ByteSource, from start: Int) -> Int? {
        var position = start
        while let found = file.find(Array("WAVE".utf8), from: position + 8) {
            if layout(of: file, at: found - 8)?.sound == "data" { return found - 8 }
            position = found
        }
        return nil
    }

    /// Returns the header of a WAV file with another length of its audio, which follows the header.
    private static func header(_ head: [UInt8], _ count: Int, _ layout: Layout) -> [UInt8] {
        func bytes(_ value: Int, _ width: Int) -> [UInt8] {
            let little = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return layout.isBigEndian ? little.reversed() : little
        }
        // The chunks in between, without the length of the audio and without 64-bit lengths.
        var rest = head[12..<head.count - 4]
        if rest.starts(with: "ds64".utf8) { rest = rest.dropFirst(8 + number(rest.dropFirst(4).prefix(4), layout)) }
        guard count >= 0xFFF0_0000 else {
            return Array((layout.isBigEndian ? "RIFX" : "RIFF").utf8) + bytes(12 + rest.count + 4 + count - 8, 4)
                + Array("WAVE".utf8) + rest + bytes(count, 4)
        }
        return Array("RF64".utf8) + bytes(-1, 4) + Array("WAVEds64".utf8) + bytes(28, 4)
            + bytes(12 + 36 + rest.count + 4 + count - 8, 8) + bytes(count, 8) + bytes(0, 12) + rest + bytes(-1, 4)
    }
}
