// Fuzzes the surveys that take audio files apart: every piece must lie within the file, and be read without end or overlap.

@testable import AudioFiles

/// The input as a file.
private final class Input: ByteSource {
    let content: [UInt8]
    var size: Int { content.count }

    init(_ content: [UInt8]) {
        self.content = content
    }

    func read(_ destination: UnsafeMutableRawBufferPointer, at place: Int) -> Int {
        guard place >= 0 else { fatalError("read before the beginning") }
        guard place < size else { return 0 }
        let part = content[place..<min(size, place + destination.count)]
        destination.copyBytes(from: part)
        return part.count
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Input(Array(UnsafeBufferPointer(start: bytes, count: count)))
    let pieces = AudioPiece.pieces(of: input)
    // A header that is put before a piece is no larger than the file's own and a few lengths.
    var sum = 0
    for piece in pieces {
        sum += piece.source.size
        let size = piece.source.size
        guard piece.source.bytes(0..<size).count == size else { fatalError("a piece is cut off") }
    }
    guard !pieces.isEmpty, sum <= 2 * count + 2_048 * pieces.count else { fatalError("\(sum) bytes of \(count)") }
    return 0
}
