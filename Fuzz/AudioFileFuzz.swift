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

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, count, 0) == count else { return 0 }
    guard let file = try? AudioFileReader(path: "/proc/self/fd/\(descriptor)") else { return 0 }
    var block = [Float](repeating: 0, count: 1_024 * AudioFileReader.maximumChannels)
    // A megabyte of silence takes few bytes in some formats: what matters is that it ends.
    for _ in 0..<2_000 {
        let result = block.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { file.read($0, capacity: 1_024) } ?? .end
        }
        switch result {
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
