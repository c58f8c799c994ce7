// The audio of a session while it is written: one FLAC file for each eight channels.

import AudioCore
import AudioFiles

/// Writes interleaved frames of any number of channels. Only one thread at a time may use it.
final class SessionAudio {
    private let channels: Int
    private let writers: [(first: Int, file: AudioFileWriter)]
    private var scratch: [Float] = []

    init(folder: SessionFolder, files: [SessionManifest.AudioFile], rate: Int, channels: Int) throws(RecordingError) {
        self.channels = channels
        var writers: [(first: Int, file: AudioFileWriter)] = []
        for file in files {
            let format = AudioFormat(sampleRate: rate, channels: file.channels)
            do throws(AudioFileError) {
                writers.append(
                    (file.firstChannel - 1, try AudioFileWriter(path: "\(folder.path)/\(file.name)", format: format)))
            } catch {
                throw RecordingError(error)
            }
        }
        self.writers = writers
    }

    /// Updates the paths after the folder was renamed.
    func moved(to folder: SessionFolder, _ files: [SessionManifest.AudioFile]) {
        for (writer, file) in zip(writers, files) { writer.file.path = "\(folder.path)/\(file.name)" }
    }

    /// Number of frames written.
    var frames: Int64 { writers.map(\.file.frames).min() ?? 0 }
    /// Number of samples that were clipped.
    var clipped: Int64 { writers.reduce(0) { $0 + $1.file.clipped } }

    func write(_ samples: UnsafeBufferPointer<Float>) throws(RecordingError) {
        do throws(AudioFileError) {
            for (first, file) in writers {
                guard writers.count > 1 else {
                    try file.write(samples)
                    continue
                }
                scratch.removeAll(keepingCapacity: true)
                for frame in stride(from: 0, to: samples.count, by: channels) {
                    scratch += samples[frame + first..<frame + first + file.format.channels]
                }
                try scratch.withUnsafeBufferPointer { (part) throws(AudioFileError) in try file.write(part) }
            }
        } catch {
            throw RecordingError(error)
        }
    }

    func writeSilence(_ frames: Int) throws(RecordingError) {
        let block = [Float](repeating: 0, count: min(frames, 4096) * channels)
        var left = frames
        while left > 0 {
            let count = min(left, 4096)
            try block[..<(count * channels)].withUnsafeBufferPointer { (part) throws(RecordingError) in
                try write(part)
            }
            left -= count
        }
    }

    /// Waits until the data that was passed to the kernel is on the disk.
    func sync() throws(RecordingError) {
        do throws(AudioFileError) {
            for (_, file) in writers { try file.sync() }
        } catch {
            throw RecordingError(error)
        }
    }

    /// Closes the files; returns the number of frames that all of them contain. Throws the first error after all files
    /// are closed.
    func finish() throws(RecordingError) -> Int64 {
        var frames = Int64.max
        var fault: AudioFileError?
        for (_, file) in writers {
            do throws(AudioFileError) {
                frames = min(frames, try file.finish())
            } catch {
                fault = fault ?? error
            }
        }
        if let fault { throw RecordingError(fault) }
        return frames
    }
}

extension RecordingError {
    /// Converts an error of an audio file to an error of the session.
    init(_ error: AudioFileError) {
        self =
            switch error {
            case .missing(let path, let detail): .unreadable(path: path, detail: detail)
            case .unusable(let path, let detail): .audio(path: path, problem: "cannot be used: \(detail)")
            case .unwritable(let path, let detail): .unwritable(path: path, detail: detail)
            }
    }
}
