// The part of a FLAC frame header that is needed to count frames.

/// The header of one FLAC frame of a stream with a fixed block size (RFC 9639, section 9.1).
struct FLACFrameHeader: Equatable {
    /// The number of the FLAC frame, from 0.
    let number: Int64
    /// Number of audio frames in it.
    let block: Int
    /// Size of the header in bytes.
    let length: Int

    /// Parses the header at the beginning of `bytes`; returns `nil` when there is none that belongs to the stream.
    init?(_ bytes: ArraySlice<UInt8>, of info: FLACTail.StreamInfo) {
        let first = bytes.startIndex
        // The longest header of a stream with a fixed block size has 16 bytes.
        let bytes = bytes.prefix(16)
        guard bytes.count >= 6, bytes[first] == 0xFF, bytes[first + 1] == 0xF8 else { return nil }
        let sizeCode = bytes[first + 2] >> 4
        let rateCode = bytes[first + 2] & 15
        let assignment = Int(bytes[first + 3] >> 4)
        guard sizeCode != 0, rateCode != 15, bytes[first + 3] & 1 == 0, assignment <= 10 else { return nil }
        guard (assignment < 8 ? assignment + 1 : 2) == info.channels else { return nil }
        var position = first + 4
        guard let number = Self.number(bytes, &position) else { return nil }
        func take(_ count: Int) -> Int? {
            guard position + count <= bytes.endIndex else { return nil }
            defer { position += count }
            return bytes[position..<position + count].reduce(0) { $0 << 8 | Int($1) }
        }
        let block: Int?
        switch sizeCode {
        case 1: block = 192
        case 2...5: block = 144 << Int(sizeCode)
        case 6: block = take(1).map { $0 + 1 }
        case 7: block = take(2).map { $0 + 1 }
        default: block = 1 << Int(sizeCode)
        }
        guard let block, block <= info.block else { return nil }
        guard take(rateCode == 12 ? 1 : rateCode == 13 || rateCode == 14 ? 2 : 0) != nil else { return nil }
        guard position < bytes.endIndex, Self.crc8(bytes[first..<position]) == bytes[position] else { return nil }
        self.number = number
        self.block = block
        length = position + 1 - first
    }

    /// Decodes a number in the extended UTF-8 coding, of up to 31 bits.
    private static func number(_ bytes: ArraySlice<UInt8>, _ position: inout Int) -> Int64? {
        guard position < bytes.endIndex else { return nil }
        let lead = bytes[position]
        position += 1
        guard lead >= 0x80 else { return Int64(lead) }
        let more = (~lead).leadingZeroBitCount - 1
        guard (1...5).contains(more), position + more <= bytes.endIndex else { return nil }
        var number = Int64(lead & (0x3F >> UInt8(more)))
        for byte in bytes[position..<position + more] {
            guard byte & 0xC0 == 0x80 else { return nil }
            number = number << 6 | Int64(byte & 0x3F)
        }
        position += more
        return number
    }

    /// CRC-8 with the polynomial x^8 + x^2 + x + 1, starting from 0.
    static func crc8(_ bytes: ArraySlice<UInt8>) -> UInt8 {
        var sum: UInt8 = 0
        for byte in bytes {
            sum ^= byte
            for _ in 0..<8 { sum = sum & 0x80 != 0 ? sum << 1 ^ 0x07 : sum << 1 }
        }
        return sum
    }

    private static let table16 = (0..<256).map { byte in
        (0..<8).reduce(UInt16(byte) << 8) { sum, _ in sum & 0x8000 != 0 ? sum << 1 ^ 0x8005 : sum << 1 }
    }

    /// CRC-16 with the polynomial x^16 + x^15 + x^2 + 1, starting from 0.
    static func crc16(_ bytes: ArraySlice<UInt8>) -> Int {
        var sum: UInt16 = 0
        for byte in bytes { sum = sum << 8 ^ table16[Int(sum >> 8) ^ Int(byte)] }
        return Int(sum)
    }

    /// Returns the first lengths, at least `least`, after which the bytes may be a whole FLAC frame: the CRC-16 over a
    /// frame and its checksum is 0. There are 64 at most, for it stays 0 in padding.
    static func ends(of bytes: [UInt8], from least: Int) -> [Int] {
        var sum: UInt16 = 0
        var ends: [Int] = []
        for (offset, byte) in bytes.enumerated() where ends.count < 64 {
            sum = sum << 8 ^ table16[Int(sum >> 8) ^ Int(byte)]
            if sum == 0, offset + 1 >= least { ends.append(offset + 1) }
        }
        return ends
    }
}
