// Reads audio files of all supported formats, to their last frame.

import AudioCore

/// An open audio file, read from its beginning to its end. Only one thread at a time may use it.
///
/// The reader returns all audio in the file, or `read` ends with a failure that names the missing part and its
/// position. Consecutive recordings in a file are read one after another, and a wrong or unfinished length in a header
/// does not limit the reading. Each recording is decoded by the library that supports it, libsndfile or ffmpeg's.
public final class AudioFileReader {
    /// The result of a read.
    public enum Result: Equatable, Sendable {
        /// This number of frames, at least one.
        case frames(Int)
        /// A recording with another format begins; `format` already contains that format.
        case reformatted
        /// The file has ended, and all of it was read.
        case end
        /// The file has ended prematurely, or cannot be read further; `explain` converts the code to text, and
        /// `failure` has the details of this file.
        case failed(code: Int32)
    }

    /// Error code: the file ends before the length that its header states, or without the mark of an end.
    public static let truncated: Int32 = 10_000
    /// Error code: the file is damaged somewhere, or contains data that was not read.
    public static let damaged: Int32 = 10_001
    /// Largest number of channels of a file.
    public static let maximumChannels = ChannelSelection.limit

    /// Rate in Hz and number of channels of the next frames.
    public private(set) var format: AudioFormat
    /// Number of frames according to the headers, at the rate of the first recording; nil when one of them does not
    /// state it.
    public let frames: Int?
    /// The errors so far, as messages with their positions; empty while there are none.
    public var failure: String { faults.joined(separator: "; ") }

    private var decoder: any AudioDecoder
    private var pieces: ArraySlice<AudioPiece>
    private let file: OpenFile
    /// The rate of the first recording.
    private let rate: Int
    /// The current recording.
    private var piece: AudioPiece
    /// Seconds before the current recording, and number of frames read of it.
    private var seconds = 0.0
    private var count = 0
    private var faults: [String] = []
    private var code: Int32 = 0
    private var damage: (start: Double, end: Double)?

    /// Opens a file. Throws when it is missing, is not a regular file, or is not audio with a supported rate and
    /// number of channels.
    public init(path: String) throws(AudioFileError) {
        file = try OpenFile(path: path)
        guard file.size > 0 else { throw .unusable(path: path, detail: "it is empty") }
        var pieces = AudioPiece.pieces(of: file)[...]
        guard let first = pieces.popFirst() else { throw .unusable(path: path, detail: "it contains no audio") }
        do throws(DecoderRefusal) {
            decoder = try Self.decoder(of: first)
        } catch {
            throw .unusable(path: path, detail: error.reason)
        }
        self.pieces = pieces
        piece = first
        format = decoder.format
        rate = decoder.format.sampleRate
        frames = Self.total(decoder, pieces)
        noteHoles()
    }

    /// Duration in seconds according to the headers; nil when they do not state it.
    public var duration: Double? {
        frames.map { Double($0) / Double(rate) }
    }

    /// Reads at most `capacity` interleaved frames of `format`.
    public func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int) -> Result {
        while true {
            switch decoder.read(destination, capacity: capacity) {
            case .frames(let got):
                closeDamage()
                count += got
                return .frames(got)
            case .damaged(let got):
                let here = position
                count += got
                damage = (damage?.start ?? here, position)
                if got > 0 { return .frames(got) }
            case .reformatted:
                seconds += Double(count) / Double(format.sampleRate)
                count = 0
                format = decoder.format
                return .reformatted
            case .failed(let reason):
                note("\(reason) at \(Self.shown(position)) s", Self.damaged)
                if let next = advance() { return next }
            case .end(let isShort):
                noteEnd(isCutShort: isShort)
                if let next = advance() { return next }
            }
        }
    }

    /// Converts the code of a failed read to text.
    public static func explain(_ code: Int32) -> String {
        code == truncated
            ? "the file ends before the length in its header, or without the mark of an end"
            : "the file is damaged: only its readable parts were read"
    }

    /// Advances to the next recording; returns the result for the caller, or nil where reading continues at once.
    private func advance() -> Result? {
        closeDamage()
        noteUnread(after: piece)
        seconds += Double(count) / Double(format.sampleRate)
        count = 0
        while let piece = pieces.popFirst() {
            do throws(DecoderRefusal) {
                decoder = try Self.decoder(of: piece)
                self.piece = piece
                noteHoles()
                guard decoder.format != format else { return nil }
                format = decoder.format
                return .reformatted
            } catch {
                note(
                    "the part that begins at \(Self.shown(seconds)) s, byte \(piece.source.filePosition(of: 0)), cannot be read: "
                        + "\(error.reason): split the file there, or convert it",
                    Self.damaged)
                noteUnread(after: piece)
            }
        }
        decoder = Silence(format: format)
        piece = AudioPiece(source: file)
        return code == 0 ? .end : .failed(code: code)
    }

    private var position: Double { seconds + Double(count) / Double(format.sampleRate) }

    private static func replaced(_ start: Double, _ end: Double) -> String {
        "it is damaged from \(shown(start)) to \(shown(end)) s; silence replaces the lost audio"
    }

    private static func shown(_ seconds: Double) -> String { "\((seconds * 1000).rounded() / 1000)" }

    private func closeDamage() {
        guard let damage else { return }
        self.damage = nil
        let length = damage.end - damage.start
        note(
            length > 0
                ? Self.replaced(damage.start, damage.end)
                : "it is damaged at \(Self.shown(damage.start)) s; audio that cannot be decoded there is left out",
            Self.damaged)
    }

    /// Reports the lost audio in the current recording that silence replaces.
    private func noteHoles() {
        for hole in piece.holes where !hole.isEmpty {
            note(Self.replaced(seconds + hole.lowerBound, seconds + hole.upperBound), Self.damaged)
        }
    }

    /// Reports why the end of the current recording is not its end, or is too early.
    private func noteEnd(isCutShort: Bool) {
        let places = piece.holes.filter(\.isEmpty).prefix(5).map { Self.shown(seconds + $0.lowerBound) }
        let lost = Double(max(0, (decoder.frames ?? 0) - count)) / Double(format.sampleRate)
        if !places.isEmpty {
            note(
                "it is damaged near \(places.joined(separator: ", ")) s; "
                    + (lost > 0 ? "audio after that is up to \(Self.shown(lost)) s early" : "some audio is lost there"),
                Self.damaged)
        }
        let sign: AudioPiece.Cut = decoder.frames == nil ? .block : .length
        if let cut = piece.cut ?? (isCutShort && places.isEmpty ? sign : nil) {
            note("it ends at \(Self.shown(position)) s, \(cut.rawValue)", Self.truncated)
        }
    }

    private func noteUnread(after piece: AudioPiece) {
        guard let byte = piece.unread else { return }
        note(
            "its data from byte \(byte) to byte \(file.size) was not read: if that is another recording, split the file "
                + "there",
            Self.damaged)
    }

    private func note(_ fault: String, _ code: Int32) {
        self.code = code
        // Five faults are enough to find the worst; more are not useful.
        if faults.count < 5 {
            faults.append(fault)
        } else if faults.count == 5 {
            faults.append("further faults are not listed")
        }
    }

    private static func decoder(of piece: AudioPiece) throws(DecoderRefusal) -> any AudioDecoder {
        do throws(DecoderRefusal) {
            if let flac = try FLACDecoder(piece.source) { return flac }
            return try SoundFileDecoder(piece.source, isOpenEnded: piece.isOpenEnded)
        } catch {
            do throws(DecoderRefusal) {
                return try LibavDecoder(piece.source)
            } catch let other {
                throw DecoderRefusal(refusal(error, other))
            }
        }
    }

    /// Returns the number of frames of all recordings at the rate of the first.
    private static func total(_ first: any AudioDecoder, _ others: ArraySlice<AudioPiece>) -> Int? {
        guard var total = first.frames else { return nil }
        for piece in others {
            guard let decoder = try? decoder(of: piece) else { continue }
            guard let frames = decoder.frames else { return nil }
            let (scaled, overflows) = frames.multipliedReportingOverflow(by: first.format.sampleRate)
            guard !overflows else { return nil }
            total += scaled / decoder.format.sampleRate
        }
        return total
    }

    /// Returns the error for a recording that no decoder can read.
    private static func refusal(_ own: DecoderRefusal, _ other: DecoderRefusal) -> String {
        // libsndfile's message when rate or channels are 0.
        let reason = own.reason.contains("SF_INFO") ? "its header specifies no sample rate or no channels" : own.reason
        guard let missing = LibavDecoder.problem else { return "\(reason) (libsndfile); \(other.reason) (ffmpeg)" }
        return
            "\(reason) (libsndfile); m4a, AAC, WMA and video files require the libraries of ffmpeg: \(missing)"
    }

    /// The decoder of a file that was read completely.
    private final class Silence: AudioDecoder {
        let format: AudioFormat
        let frames: Int? = 0

        init(format: AudioFormat) {
            self.format = format
        }

        func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int) -> Decoded { .end(isCutShort: false) }
    }
}
