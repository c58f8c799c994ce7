// The interface of all decoders of audio files.

import AudioCore

/// Decodes one recording from its beginning to its end. Only one thread at a time may use it; it allocates and waits
/// for the disk.
protocol AudioDecoder: AnyObject {
    /// Rate and channels of the next frames.
    var format: AudioFormat { get }
    /// Number of frames according to the header; nil when the header does not state it.
    var frames: Int? { get }

    /// Reads at most `capacity` interleaved frames.
    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int) -> Decoded
}

/// The result of one read of a decoder.
enum Decoded: Equatable {
    /// This number of frames, at least one.
    case frames(Int)
    /// This number of frames, some of which are silence in place of undecodable data; 0 where their number is unknown.
    case damaged(Int)
    /// The following frames have another format, which is in `format`.
    case reformatted
    /// The recording has ended; `isCutShort` when it ended before its stated length, or inside a block.
    case end(isCutShort: Bool)
    /// The recording cannot be read further; the text is the reason.
    case failed(String)
}

/// A reason, as the end of a sentence about the file.
struct DecoderRefusal: Error, Equatable {
    /// For example "it is empty".
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// Creates the refusal of a format outside the supported ranges; nil for a supported format.
    init?(objectingTo format: AudioFormat) {
        let most = AudioFileReader.maximumChannels
        guard !(1_000...1_000_000).contains(format.sampleRate) || !(1...most).contains(format.channels) else {
            return nil
        }
        reason =
            "its header specifies \(format.sampleRate) Hz and \(format.channels) channels; "
            + "supported are 1000 to 1000000 Hz and at most \(most) channels"
    }
}
