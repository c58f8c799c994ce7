// Decodes formats that libsndfile does not support with ffmpeg's libraries: AAC in m4a, ALAC, WMA, AC-3, the audio of
// videos.

import AudioCore
import CLibAV

/// One recording through libavformat and libavcodec, which are loaded with the first recording.
final class LibavDecoder: AudioDecoder {
    private(set) var format: AudioFormat
    let frames: Int?

    private let handle: OpaquePointer
    /// The library's callback reads this source.
    private let input: Input
    private var count = 0

    /// A source as the one object behind a C pointer.
    private final class Input {
        let source: any ByteSource

        init(_ source: any ByteSource) {
            self.source = source
        }
    }

    /// Opens a recording. Throws the library's message when it contains no audio that can be decoded.
    init(_ source: any ByteSource) throws(DecoderRefusal) {
        input = Input(source)
        var why = [CChar](repeating: 0, count: 256)
        let handle = timbre_av_open(
            { opaque, destination, count, position in
                guard let opaque else { return 0 }
                let input = Unmanaged<Input>.fromOpaque(opaque).takeUnretainedValue()
                return input.source.read(.init(start: destination, count: count), at: Int(position))
            }, Unmanaged.passUnretained(input).toOpaque(), Int64(source.size), &why, why.count)
        guard let handle else {
            throw DecoderRefusal(String(decoding: why.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        let format = Self.format(of: handle)
        if let objection = DecoderRefusal(objectingTo: format) {
            timbre_av_close(handle)
            throw objection
        }
        self.handle = handle
        self.format = format
        let seconds = timbre_av_duration(handle)
        frames = seconds > 0 && seconds < 1e9 ? Int((seconds * Double(format.sampleRate)).rounded()) : nil
    }

    deinit {
        timbre_av_close(handle)
    }

    /// The reason why the libraries cannot be used; nil when they can.
    static var problem: String? { timbre_av_load().map { String(cString: $0) } }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int) -> Decoded {
        switch Int(timbre_av_read(handle, destination, Int32(clamping: capacity))) {
        case Int(TIMBRE_AV_END):
            // Containers count in their own units, and encoders pad: a difference of a tenth of a second is not a
            // loss.
            return .end(isCutShort: (frames ?? 0) > count + format.sampleRate / 10)
        case Int(TIMBRE_AV_FORMAT):
            let new = Self.format(of: handle)
            if let objection = DecoderRefusal(objectingTo: new) { return .failed(objection.reason) }
            count = count * new.sampleRate / format.sampleRate
            format = new
            return .reformatted
        case Int(TIMBRE_AV_DAMAGED): return .damaged(0)
        case let got:
            count += got
            return .frames(got)
        }
    }

    private static func format(of handle: OpaquePointer) -> AudioFormat {
        AudioFormat(sampleRate: Int(timbre_av_rate(handle)), channels: Int(timbre_av_channels(handle)))
    }
}
