// Finds the links of an Ogg file: consecutive recordings, as in radio streams, and what is missing in each.

/// Ogg (RFC 3533). Each link is a recording with its own format. FLAC in Ogg is presented without the pages around it.
///
/// Decoders drop damaged pages without a word, and a file that is cut off between two pages looks whole to them: only
/// the checksums, the numbers and the end mark of the pages tell.
enum OggSurvey {
    /// The header of a page.
    private struct Page {
        let isFirst: Bool
        let isLast: Bool
        /// The position of the audio at its end, in units of the codec; negative where no packet ends in it.
        let granule: Int
        let serial: [UInt8]
        let number: UInt32
        let head: [UInt8]
        /// The range of its content.
        let body: Range<Int>

        init?(_ file: any ByteSource, at position: Int) {
            let head = file.bytes(position..<position + 27 + 255)
            guard head.count >= 27, head.starts(with: Array("OggS".utf8)), head[4] == 0 else { return nil }
            let segments = Int(head[26])
            guard head.count >= 27 + segments else { return nil }
            isFirst = head[5] & 2 != 0
            isLast = head[5] & 4 != 0
            granule = Int(Int64(bitPattern: OggSurvey.number(head[6..<14])))
            serial = Array(head[14..<18])
            number = UInt32(OggSurvey.number(head[18..<22]))
            self.head = Array(head.prefix(27 + segments))
            let start = position + 27 + segments
            body = start..<start + head[27..<27 + segments].reduce(0) { $0 + Int($1) }
        }

        /// Returns whether its checksum is right.
        func isIntact(_ file: any ByteSource) -> Bool {
            var head = head
            head.replaceSubrange(22..<26, with: [0, 0, 0, 0])
            return OggSurvey.checksum(file.bytes(body), after: OggSurvey.checksum(head))
                == UInt32(OggSurvey.number(self.head[22..<26]))
        }
    }

    /// The stream of a link that is heard.
    private struct Stream {
        let serial: [UInt8]
        /// Units of a granule position in a second.
        let rate: Int
        var number: UInt32
        /// The granule position before the audio, and that up to which it is there.
        var origin: Int?
        var granule = 0
        var isEnded = false
        /// Whether a page of it is cut off.
        var isBroken = false
        var holes: [Double] = []

        /// Creates the stream that begins with a packet; nil where it is not audio.
        init?(_ packet: [UInt8], _ page: Page) {
            func begins(_ text: String, _ size: Int) -> Bool { packet.starts(with: text.utf8) && packet.count >= size }
            if begins("\u{01}vorbis", 16) {
                rate = Int(OggSurvey.number(packet[12..<16]))
            } else if begins("OpusHead", 8) {
                rate = 48_000
            } else if begins("Speex   ", 40) {
                rate = Int(OggSurvey.number(packet[36..<40]))
            } else if begins("\u{7F}FLAC", 30) {
                rate = Int(packet[27]) << 12 | Int(packet[28]) << 4 | Int(packet[29] >> 4)
            } else {
                return nil
            }
            guard rate > 0 else { return nil }
            serial = page.serial
            number = page.number
        }

        /// Notes that audio is missing after what is there.
        mutating func lose() {
            let seconds = Double(max(0, granule - (origin ?? 0))) / Double(rate)
            if holes.last != seconds { holes.append(seconds) }
        }

        mutating func take(_ page: Page) {
            // A recording of a running stream has the headers of its beginning.
            if granule > 0, page.number != number &+ 1 { lose() }
            number = page.number
            isEnded = isEnded || page.isLast
            guard page.granule > granule else { return }
            // The first page holds some seconds at most, unless the count is that of a running stream.
            if origin == nil { origin = page.granule > 60 * rate ? page.granule : 0 }
            granule = page.granule
        }
    }

    private struct Link {
        var range: Range<Int>
        var stream: Stream?
        /// The serial number of the FLAC stream in the link, if there is one, the number of its latest page, and the
        /// contents of all.
        var flac: [UInt8]?
        var number: UInt32 = 0
        var parts: [ByteWindow.Part] = []
    }

    /// Bytes before the FLAC marker in the first packet: a byte, "FLAC", version and number of headers.
    private static let flacHeader = 9
    /// The largest number of damaged pages that are looked at: each may be a false one within another.
    private static let mostDamage = 256

    /// Returns the links; nil when this is not an Ogg file.
    static func pieces(of file: any ByteSource) -> [AudioPiece]? {
        guard file.has("OggS", at: 0) else { return nil }
        var links: [Link] = []
        var wasFirst = false
        var position = 0
        var damaged = 0
        var end = 0
        while position < file.size {
            guard let page = Page(file, at: position) else {
                // The data is damaged here, or of another kind; the search continues at the next page, if there is one.
                guard !RecordingMark.stands(in: file, at: position),
                    let next = file.find(Array("OggS".utf8) + [0], from: position + 1)
                else { break }
                position = next
                continue
            }
            // All streams of a link begin before any of them continues.
            if page.isFirst, !wasFirst {
                if !links.isEmpty { links[links.count - 1].range = links[links.count - 1].range.lowerBound..<position }
                links.append(Link(range: position..<file.size))
            }
            wasFirst = page.isFirst
            // The frames of FLAC have checksums of their own.
            if !page.isFirst, links.last?.flac == nil, damaged < mostDamage, page.body.upperBound <= file.size,
                !page.isIntact(file)
            {
                damaged += 1
                if !links.isEmpty { links[links.count - 1].stream?.lose() }
                position = file.find(Array("OggS".utf8) + [0], from: position + 1) ?? file.size
                end = position
                continue
            }
            if !links.isEmpty { take(page, file, into: &links[links.count - 1]) }
            position = page.body.upperBound
            end = position
        }
        guard !links.isEmpty else { return [AudioPiece(source: file)] }
        // libsndfile does not find the length of a file with anything else behind its last page.
        end = min(end, file.size)
        links[links.count - 1].range = links[links.count - 1].range.lowerBound..<end
        var pieces = links.map { piece($0, file, isAlone: links.count == 1 && end == file.size) }
        pieces[pieces.count - 1].unread = AudioPiece.unread(in: file, from: end)
        return pieces
    }

    private static func piece(_ link: Link, _ file: any ByteSource, isAlone: Bool) -> AudioPiece {
        let isFLAC = link.flac != nil
        let source: any ByteSource =
            isFLAC ? ByteWindow(file, parts: link.parts) : isAlone ? file : ByteWindow(file, [link.range])
        // A header that states the length is as good as an end mark.
        let isMarked = isFLAC && (FLACTail.StreamInfo(source)?.frames ?? 0) > 0
        var piece = AudioPiece(source: source)
        guard let stream = link.stream else { return piece }
        if stream.isBroken {
            piece.cut = .length
        } else if !stream.isEnded, !isMarked {
            piece.cut = .mark
        }
        if !isFLAC { piece.holes = stream.holes.map { $0..<$0 } }
        return piece
    }

    private static func take(_ page: Page, _ file: any ByteSource, into link: inout Link) {
        var body = page.body.clamped(to: 0..<file.size)
        if page.isFirst, link.stream == nil {
            link.stream = Stream(file.bytes(body.lowerBound..<min(body.upperBound, body.lowerBound + 80)), page)
        } else if page.serial == link.stream?.serial {
            if page.body.upperBound <= file.size {
                link.stream?.take(page)
            } else {
                link.stream?.isBroken = true
            }
        }
        if page.isFirst, link.flac == nil, file.has("\u{7F}FLAC", at: body.lowerBound),
            file.has("fLaC", at: body.lowerBound + flacHeader)
        {
            link.flac = page.serial
            body = body.lowerBound + flacHeader..<max(body.upperBound, body.lowerBound + flacHeader)
        }
        guard page.serial == link.flac else { return }
        // A byte that belongs to no frame makes the decoder notice that pages are lost.
        if !link.parts.isEmpty, page.number != link.number &+ 1 { link.parts.append(.bytes([0])) }
        link.number = page.number
        link.parts.append(.file(body))
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// CRC-32 with the polynomial 0x04C11DB7, starting from 0, without reflection.
    private static func checksum(_ bytes: [UInt8], after sum: UInt32 = 0) -> UInt32 {
        bytes.reduce(sum) { $0 << 8 ^ table[Int($0 >> 24) ^ Int($1)] }
    }

    private static let table = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte) << 24) { sum, _ in sum & 0x8000_0000 != 0 ? sum << 1 ^ 0x04C1_1DB7 : sum << 1 }
    }
}
