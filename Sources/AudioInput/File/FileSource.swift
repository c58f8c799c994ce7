// Audio files as a source.

import AudioCore
import AudioFiles

/// A file, read as fast as the caller requests. Decoders may allocate; a file is never live.
final class FileSource: AudioSource {
    let isLive = false

    private let path: String
    private var file: AudioFileReader?

    init(path: String) {
        self.path = path
    }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        close()
        do throws(AudioFileError) {
            let opened = try AudioFileReader(path: path)
            file = opened
            return opened.format
        } catch {
            switch error {
            case .missing(let path, let detail): throw .missing(source: path, detail: detail)
            case .unusable(let path, let detail), .unwritable(let path, let detail):
                throw .unusable(source: path, detail: detail)
            }
        }
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        switch file?.read(destination, capacity: capacity) {
        case .frames(let count): .frames(count)
        case .reformatted: .reformatted(file?.format ?? AudioFormat(sampleRate: 1, channels: 1))
        case .failed(let code): .failed(code: code)
        case .end, nil: .end
        }
    }

    var failure: String? { file.flatMap { $0.failure.isEmpty ? nil : "\(path): \($0.failure)" } }

    func close() {
        file = nil
    }
}
