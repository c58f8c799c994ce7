// Looks through an Ogg file for its links: recordings that lie one after another, as radio streams do.

/// Ogg (RFC 3533). Each link is a recording with a format of its own. FLAC in Ogg is shown without the pages around it.
enum OggSurvey {
    /// What the header of a page says.
    private struct Page {
        let isFirst: Bool
        let serial: [UInt8]
        /// Where its content lies.
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
        /// The serial number of the stream of FLAC in it, if there is one, and the contents of its pages.
        var flac: [UInt8]?
        var extents: [Range<Int>] = []
    }

    /// Bytes before the marker of FLAC in the first packet: a byte, "FLAC", version and number of headers.
    private static let flacHeader = 9

    /// The links; nil when this is no Ogg file.
    static func pieces(of file: any ByteSource) -> [AudioPiece]? {
        guard file.has("OggS", at: 0) else { return nil }
        var links: [Link] = []
        var wasFirst = false
        var position = 0
        while position < file.size {
            guard let page = Page(file, at: position) else {
                // Damage; the pages go on somewhere behind it, or do not.
                guard let next = file.find(Array("OggS".utf8) + [0], from: position + 1) else { break }
                position = next
                continue
            }
            // The streams of a link all begin before any of them goes on.
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
