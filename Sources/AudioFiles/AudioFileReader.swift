// Audio files of every kind, read to the last of their frames.

import AudioCore

/// An open audio file, read from its beginning to its end. One thread at a time.
///
/// What is read is all the sound there is in the file, or `read` ends with a failure that says what is missing and where:
/// recordings that lie one behind another are read one after another, and a wrong or unfinished length in a header is no
/// limit. Each recording is decoded by the library that knows it, libsndfile or ffmpeg's.
public final class AudioFileReader {
    /// What a read brought.
    public enum Result: Equatable, Sendable {
        /// So many frames, at least one.
        case frames(Int)
        /// A recording with another format begins, which `format` has from now on.
        case reformatted
        /// The file is over, and all of it was read.
        case end
        /// The file is over, or cannot be read on; `explain` puts the code into words, and `failure` those of this file.
        case failed(code: Int32)
    }

    /// The code of a file that ends before the length that its header states.
    public static let truncated: Int32 = 10_000
    /// The code of a file that is damaged somewhere.
    public static let damaged: Int32 = 10_001
    /// Most channels of a file that is read.
    public static let maximumChannels = ChannelSelection.limit

    /// Rate in Hz and number of channels of the frames to come.
    public private(set) var format: AudioFormat
    /// Frames that the headers promise, at the rate of the first recording; nil when one of them does not know.
    public let frames: Int?
    /// What was wrong, as sentences with their positions; empty while nothing was.
    public var failure: String { faults.joined(separator: "; ") }

    private var decoder: any AudioDecoder
    private var pieces: ArraySlice<AudioPiece>
    private let file: OpenFile
    /// The rate of the first recording.
    private let rate: Int
    /// Whether the container of the current recording promises more.
    private var isCutShort: Bool
    /// Seconds before the current recording, and frames read of it.
    private var seconds = 0.0
    private var count = 0
    private var faults: [String] = []
    private var code: Int32 = 0
    private var damage: (start: Double, end: Double)?

    /// Opens a file. Throws when it is missing, is no regular file, or is no audio of a sensible rate and width.
    public init(path: String) throws(AudioFileError) {
        file = try OpenFile(path: path)
        guard file.size > 0 else { throw .unusable(path: path, detail: "it is empty") }
        var pieces = AudioPiece.pieces(of: file)[...]
        guard let first = pieces.popFirst() else { throw .unusable(path: path, detail: "there is no sound in it") }
        let decoder: any AudioDecoder
        do throws(DecoderRefusal) {
            decoder = try Self.decoder(of: first)
        } catch {
            do throws(DecoderRefusal) {
                decoder = try LibavDecoder(file)
                pieces = []
            } catch let other {
                throw .unusable(path: path, detail: Self.refusal(error, other))
            }
        }
        self.decoder = decoder
        self.pieces = pieces
        isCutShort = first.isCutShort
        format = decoder.format
        rate = decoder.format.sampleRate
        frames = Self.total(decoder, pieces)
    }

    /// Seconds that the headers promise; nil when they do not know.
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
                note("\(reason) at \(shown(position)) s", Self.damaged)
                if let next = advance() { return next }
            case .end(let isShort):
                if isShort || isCutShort {
                    note("it ends at \(shown(position)) s, before the length that its header states", Self.truncated)
                }
                if let next = advance() { return next }
            }
        }
    }

    /// Puts the code of a failed read into words.
    public static func explain(_ code: Int32) -> String {
        code == truncated
            ? "the file ends before the length that its header states"
            : "the file is damaged: what could be read was read"
    }

    /// Goes on to the next recording; the result to return, or nil where reading goes on at once.
    private func advance() -> Result? {
        closeDamage()
        seconds += Double(count) / Double(format.sampleRate)
        count = 0
        while let piece = pieces.popFirst() {
            do throws(DecoderRefusal) {
                decoder = try Self.decoder(of: piece)
                isCutShort = piece.isCutShort
                guard decoder.format != format else { return nil }
                format = decoder.format
                return .reformatted
            } catch {
                note("what follows at \(shown(seconds)) s cannot be read: \(error.reason)", Self.damaged)
            }
        }
        decoder = Silence(format: format)
        isCutShort = false
        return code == 0 ? .end : .failed(code: code)
    }

    private var position: Double { seconds + Double(count) / Double(format.sampleRate) }

    private func shown(_ seconds: Double) -> String { "\((seconds * 1000).rounded() / 1000)" }

    private func closeDamage() {
        guard let damage else { return }
        self.damage = nil
        let length = damage.end - damage.start
        note(
            length > 0
                ? "it is damaged from \(shown(damage.start)) to \(shown(damage.end)) s, where silence stands for what is lost"
                : "it is damaged at \(shown(damage.start)) s, and what cannot be decoded there is left out",
            Self.damaged)
    }

    private func note(_ fault: String, _ code: Int32) {
        self.code = code
        // Enough to find the worst; the rest would be no more than noise.
        if faults.count < 5 { faults.append(fault) } else if faults.count == 5 { faults.append("and so on") }
    }

    private static func decoder(of piece: AudioPiece) throws(DecoderRefusal) -> any AudioDecoder {
        if let flac = try FLACDecoder(piece.source) { return flac }
        return try SoundFileDecoder(piece.source, isOpenEnded: piece.isOpenEnded)
    }

    /// Frames of all recordings at the rate of the first.
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

    /// The error for a file that no decoder reads.
    private static func refusal(_ own: DecoderRefusal, _ other: DecoderRefusal) -> String {
        // libsndfile's way of saying that rate or channels are 0.
        let reason = own.reason.contains("SF_INFO") ? "its header states no rate or no channels" : own.reason
        guard let missing = LibavDecoder.problem else { return "\(reason) (libsndfile); \(other.reason) (ffmpeg)" }
        return
            "\(reason) (libsndfile); m4a, AAC, WMA and films are read where ffmpeg's libraries are installed: \(missing)"
    }

    /// What is left of a file that was read.
    private final class Silence: AudioDecoder {
        let format: AudioFormat
        let frames: Int? = 0

        init(format: AudioFormat) {
            self.format = format
        }

        func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int) -> Decoded { .end(isCutShort: false) }
    }
}
