// An open regular file as bytes.

import Glibc
import System

/// A file that the user named, open for reading.
final class OpenFile: ByteSource {
    let descriptor: Int32
    let size: Int

    /// Opens a file without waiting for a writer. Throws when it is missing or not a regular file.
    init(path: String) throws(AudioFileError) {
        let opened = try AudioFileError.opening(path)
        (descriptor, size) = (opened.descriptor, opened.size)
    }

    deinit {
        close(descriptor)
    }

    func read(_ destination: UnsafeMutableRawBufferPointer, at position: Int) -> Int {
        var done = 0
        while done < destination.count, let base = destination.baseAddress {
            let got = try? systemCall {
                pread(descriptor, base + done, destination.count - done, off_t(position + done))
            }
            guard let got, got > 0 else { break }
            done += got
        }
        return done
    }
}
