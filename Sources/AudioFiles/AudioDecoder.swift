// What every reader of audio files is, whatever library does the work.

import AudioCore

/// Decodes one recording from its beginning to its end. One thread at a time; it allocates and waits for the disk.
protocol AudioDecoder: AnyObject {
    /// Rate and channels of the frames to come.
    var format: AudioFormat { get }
    /// Frames that the header promises; nil when it does not know.
    var frames: Int? { get }

    /// Reads at most `capacity` interleaved frames.
    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int) -> Decoded
}

/// What one read of a decoder brought.
enum Decoded: Equatable {
    /// So many frames, at least one.
    case frames(Int)
    /// So many frames, some of which are silence in place of what cannot be decoded; 0 where their number is unknown.
    case damaged(Int)
    /// What follows has another format; `format` has it.
    case reformatted
    /// The recording is over. `isCutShort` when it should not be.
    case end(isCutShort: Bool)
    /// It cannot be read on, for a reason in words.
    case failed(String)
}

/// A reason as the end of a sentence about the file.
struct DecoderRefusal: Error, Equatable {
    /// "it is empty"
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    /// The objection to a format that no sound has; nil where there is none.
    init?(objectingTo format: AudioFormat) {
        let most = AudioFileReader.maximumChannels
        guard !(1_000...1_000_000).contains(format.sampleRate) || !(1...most).contains(format.channels) else {
            return nil
        }
        reason =
            "its header says \(format.sampleRate) Hz and \(format.channels) channels; "
            + "1000 to 1000000 Hz and at most \(most) channels are read"
    }
}
