// Decodes with libsndfile: WAV and related formats, AIFF, AU, CAF, FLAC, Ogg Vorbis, Opus, MP3.

import AudioCore
import CSndFile
import Glibc

/// One recording through libsndfile.
final class SoundFileDecoder: AudioDecoder {
    let format: AudioFormat
    let frames: Int?
    /// The position in the source up to which bytes were read.
    var position: Int { cursor.position }

    private let file: OpaquePointer
    private let cursor: Cursor
    private let isFLAC: Bool
    private var remaining: Int64

    /// The state of libsndfile's read callbacks.
    private final class Cursor {
        let source: any ByteSource
        var position = 0

        init(_ source: any ByteSource) {
            self.source = source
        }
    }

    /// Opens a recording. Throws libsndfile's message when it is not one, or has no supported rate and number of
    /// channels.
    ///
    /// - Parameter isOpenEnded: whether the length in the header is meaningless.
    init(_ source: any ByteSource, isOpenEnded: Bool = false) throws(DecoderRefusal) {
        cursor = Cursor(source)
        var calls = Self.calls
        var info = SF_INFO()
        guard
            let file = sf_open_virtual(
                &calls, Int32(SFM_READ), &info, Unmanaged.passUnretained(cursor).toOpaque())
        else { throw DecoderRefusal(String(cString: sf_strerror(nil))) }
        let format = AudioFormat(sampleRate: Int(info.samplerate), channels: Int(info.channels))
        if let objection = DecoderRefusal(objectingTo: format) {
            sf_close(file)
            throw objection
        }
        self.file = file
        self.format = format
        isFLAC = info.format & Int32(SF_FORMAT_TYPEMASK) == Int32(SF_FORMAT_FLAC)
        // libsndfile returns the largest possible number for an unknown length.
        frames = info.frames > 0 && info.frames < Int64.max / 2 ? Int(info.frames) : nil
        // A FLAC file that is still being written has no length; an Ogg file without one is truncated.
        remaining = isOpenEnded || (frames == nil && isFLAC) ? 0 : info.frames
    }

    deinit {
        sf_close(file)
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int) -> Decoded {
        let got = sf_readf_float(file, destination, Int64(capacity))
        let error = sf_error(file)
        if got > 0 {
            remaining -= got
            // libFLAC returns silence for a block with a wrong checksum. When it loses synchronisation it returns the
            // previous data.
            return isFLAC && error != SF_ERR_NO_ERROR && got == capacity ? .damaged(Int(got)) : .frames(Int(got))
        }
        if error != SF_ERR_NO_ERROR { return .failed(String(cString: sf_error_number(error))) }
        return .end(isCutShort: remaining > 0)
    }

    private static let calls = SF_VIRTUAL_IO(
        get_filelen: { Int64(cursor($0).source.size) },
        seek: { offset, whence, opaque in
            let cursor = SoundFileDecoder.cursor(opaque)
            let base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? cursor.position : cursor.source.size
            let (position, overflows) = base.addingReportingOverflow(Int(offset))
            guard !overflows, position >= 0 else { return -1 }
            cursor.position = position
            return Int64(position)
        },
        read: { destination, count, opaque in
            let cursor = SoundFileDecoder.cursor(opaque)
            guard count > 0, let destination else { return 0 }
            let got = cursor.source.read(.init(start: destination, count: Int(count)), at: cursor.position)
            cursor.position += got
            return Int64(got)
        },
        write: { _, _, _ in 0 },
        tell: { Int64(cursor($0).position) })

    /// The decoder retains the cursor as long as libsndfile may call it.
    private static func cursor(_ opaque: UnsafeMutableRawPointer?) -> Cursor {
        guard let opaque else { preconditionFailure("libsndfile lost what it was given") }
        return Unmanaged<Cursor>.fromOpaque(opaque).takeUnretainedValue()
    }
}
