// Finds the links of an Ogg file: consecutive recordings, as in radio streams.

/// Ogg (RFC 3533). Each link is a recording with its own format. FLAC in Ogg is presented without the pages around it.
enum OggSurvey {
    /// The header of a page.
    private struct Page {
        let isFirst: Bool
        let serial: [UInt8]
        /// The range of its content.
        let body: Range<Int>

        init?(_ file: any ByteSource, at position: Int) {
            let head = file.bytes(position..<position + 27 + 255)
            guard head.count >= 27, head.starts(with: Array("OggS".utf8)), head[4] == 0 else { return nil }
            let segments = Int(head[26])
            guard head.count >= 27 + segments else { return nil }
            isFirst = head[5] & 2 != 0
            serial = Array(head[14..<18])
            let start = position + 27 + segments
            body = start..<start + head[27..<27 + segments].reduce(0) { $0 + Int($1) }
        }
    }

    private struct Link {
        var range: Range<Int>
        /// The serial number of the FLAC stream in the link, if there is one, and the contents of its pages.
        var flac: [UInt8]?
        var extents: [Range<Int>] = []
    }

    /// Bytes before the FLAC marker in the first packet: a byte, "FLAC", version and number of headers.
    private static let flacHeader = 9

    /// Returns the links; nil when this is not an Ogg file.
    static func pieces(of file: any ByteSource) -> [AudioPiece]? {
        guard file.has("OggS", at: 0) else { return nil }
        var links: [Link] = []
        var wasFirst = false
        var position = 0
        while position < file.size {
            guard let page = Page(file, at: position) else {
                // The data is damaged here; the search continues at the next page, if there is one.
                guard let next = file.find(Array("OggS".utf8) + [0], from: position + 1) else { break }
                position = next
                continue
            }
            // All streams of a link begin before any of them continues.
            if page.isFirst, !wasFirst {
                if !links.isEmpty { links[links.count - 1].range = links[links.count - 1].range.lowerBound..<position }
                links.append(Link(range: position..<file.size))
            }
            wasFirst = page.isFirst
            if !links.isEmpty { take(page, file, into: &links[links.count - 1]) }
            position = page.body.upperBound
        }
        guard links.count > 1 || links.first?.flac != nil else { return [AudioPiece(source: file)] }
        return links.map { link in
            AudioPiece(
                source: link.flac != nil
                    ? ByteWindow(file, link.extents) : links.count > 1 ? ByteWindow(file, [link.range]) : file)
        }
    }

    private static func take(_ page: Page, _ file: any ByteSource, into link: inout Link) {
        var body = page.body.clamped(to: 0..<file.size)
        if page.isFirst, link.flac == nil, file.has("\u{7F}FLAC", at: body.lowerBound),
            file.has("fLaC", at: body.lowerBound + flacHeader)
        {
            link.flac = page.serial
            body = body.lowerBound + flacHeader..<max(body.upperBound, body.lowerBound + flacHeader)
        }
        if page.serial == link.flac { link.extents.append(body) }
    }
}
