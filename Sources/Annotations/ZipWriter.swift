// Writes archives of uncompressed files.

/// ZIP without compression and without times, so that identical content gives identical bytes.
enum ZipWriter {
    /// Returns the archive; nil when it would exceed 4 GiB, the limit of plain ZIP.
    static func encode(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8]? {
        let size = files.reduce(22) { $0 + 76 + 2 * $1.name.utf8.count + $1.bytes.count }
        guard size < UInt32.max else { return nil }
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        archive.reserveCapacity(size)
        for (name, bytes) in files {
            // Version 2.0, no flags, stored, 1980-01-01.
            var facts: [UInt8] = []
            for field in [20, 0, 0, 0, 0x21] as [UInt16] { append(field, to: &facts) }
            append(checksum(bytes), to: &facts)
            append(UInt32(bytes.count), to: &facts)
            append(UInt32(bytes.count), to: &facts)
            append(UInt16(name.utf8.count), to: &facts)
            append(UInt16(0), to: &facts)

            append(UInt32(0x0201_4B50), to: &directory)
            append(UInt16(20), to: &directory)
            directory += facts
            // No comment, first disk, no attributes.
            directory += [UInt8](repeating: 0, count: 10)
            append(UInt32(archive.count), to: &directory)
            directory += name.utf8

            append(UInt32(0x0403_4B50), to: &archive)
            archive += facts
            archive += name.utf8
            archive += bytes
        }
        let start = UInt32(archive.count)
        archive += directory
        append(UInt32(0x0605_4B50), to: &archive)
        append(UInt32(0), to: &archive)
        append(UInt16(files.count), to: &archive)
        append(UInt16(files.count), to: &archive)
        append(UInt32(directory.count), to: &archive)
        append(start, to: &archive)
        append(UInt16(0), to: &archive)
        return archive
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// CRC-32 of ISO 3309, computed a byte at a time.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8 }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }
}
