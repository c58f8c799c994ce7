// Fuzzes the reader of audio files, with the surveys of their containers and the libraries behind it: the input is the file.

import AudioFiles
import Glibc

/// A file in memory, written anew for every input.
private let descriptor: Int32 = {
    var name = Array("/dev/shm/timbre-fuzz-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    unlink(name)
    return descriptor
}()

private let block = UnsafeMutablePointer<Float>.allocate(capacity: 1_024 * AudioFileReader.maximumChannels)

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard pwrite(descriptor, bytes, count, 0) == count, ftruncate(descriptor, off_t(count)) == 0 else {
        fatalError("the file cannot be written")
    }
    guard let file = try? AudioFileReader(path: "/proc/self/fd/\(descriptor)") else { return 0 }
    // A megabyte of silence takes few bytes in some formats: what matters is that it ends.
    for _ in 0..<2_000 {
        switch file.read(block, capacity: 1_024) {
        case .frames(let got):
            guard (1...1_024).contains(got) else { fatalError("\(got) frames of 1024") }
        case .reformatted:
            guard (1...AudioFileReader.maximumChannels).contains(file.format.channels), file.format.sampleRate >= 1_000
            else { fatalError("\(file.format)") }
        case .end: return 0
        case .failed:
            guard !file.failure.isEmpty else { fatalError("a failure without words") }
            return 0
        }
    }
    return 0
}
