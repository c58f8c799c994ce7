// The network formats of a universe.

/// The packets of Art-Net 4 and of streaming ACN (ANSI E1.31-2018).
enum DMXPacket {
    /// The port of Art-Net.
    static let artNetPort = 6454
    /// The port of streaming ACN.
    static let sacnPort = 5568

    private static func big(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }
    private static func four(_ value: Int) -> [UInt8] { big(value >> 16) + big(value) }

    /// Returns an ArtDmx packet: a universe (0...32767) and its channels. `sequence` is 1...255.
    static func artNet(universe: Int, sequence: UInt8, data: [UInt8]) -> [UInt8] {
        Array("Art-Net\0".utf8) + [0x00, 0x50]  // OpDmx, low byte first
            + big(14) + [sequence, 0, UInt8(universe & 0xFF), UInt8(universe >> 8 & 0x7F)] + big(data.count) + data
    }

    /// The identity of a source in streaming ACN.
    struct Speaker: Equatable {
        /// 16 bytes that are constant for this source.
        var identifier: [UInt8]
        /// At most 63 bytes.
        var name: String
        /// 0...200; receivers use the source with the higher priority.
        var priority: UInt8
    }

    /// Returns an E1.31 data packet. `isLast` makes receivers switch to other sources at once.
    static func sacn(
        universe: Int, sequence: UInt8, data: [UInt8], _ speaker: Speaker, isLast: Bool = false
    ) -> [UInt8] {
        func length(_ bytes: Int) -> [UInt8] { big(0x7000 | bytes) }
        let count = data.count + 1
        var name = Array(speaker.name.utf8.prefix(63))
        name += [UInt8](repeating: 0, count: 64 - name.count)
        let root: [UInt8] =
            big(0x0010) + big(0) + Array("ASC-E1.17\0\0\0".utf8) + length(count + 109) + four(4) + speaker.identifier
        let framing: [UInt8] =
            length(count + 87) + four(2) + name + [speaker.priority] + big(0) + [sequence, isLast ? 0x40 : 0]
            + big(universe)
        let content: [UInt8] = length(count + 10) + [0x02, 0xA1] + big(0) + big(1) + big(count) + [0]
        return root + framing + content + data
    }

    /// Returns the multicast address of a universe, 1...63999.
    static func sacnGroup(universe: Int) -> String { "239.255.\(universe >> 8).\(universe & 0xFF)" }
}
