// Damage for parsers to survive.

/// `bytes` with one to four random changes: a bit flipped, a byte replaced, a run removed or doubled, or the end cut.
public func mutated(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
        let place = Int.random(in: bytes.indices, using: &generator)
        let run = place..<min(bytes.count, place + Int.random(in: 1...16, using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.removeSubrange(run)
        case 3: bytes.insert(contentsOf: bytes[run], at: place)
        case 4: bytes[place] = Array("0123456789[]{},:\"-e.".utf8).randomElement(using: &generator) ?? 0
        default: bytes.removeSubrange(place...)
        }
    }
    return bytes
}
