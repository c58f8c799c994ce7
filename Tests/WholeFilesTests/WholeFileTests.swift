// Files in one piece, on a real file system.

import Foundation
import Testing
import WholeFiles

@Suite("Whole files") struct WholeFileTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "whole-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    }

    private func refusal(_ path: String, limit: Int = 100) -> String? {
        do throws(FileFailure) {
            _ = try WholeFile.read(path, limit: limit)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("what was written is read, and takes the place of what stood there") func round() throws {
        let path = folder + "/a"
        for bytes in [[1, 2, 3], [], [UInt8](repeating: 7, count: 100_000)] as [[UInt8]] {
            try WholeFile.write(bytes, to: path)
            #expect(try WholeFile.read(path, limit: 100_000) == bytes)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }

    @Test("a folder, a FIFO that nobody writes, a missing file and one that is too large are refused with a reason")
    func refused() throws {
        #expect(refusal(folder) == "it is not a regular file")
        #expect(mkfifo(folder + "/fifo", 0o600) == 0)
        #expect(refusal(folder + "/fifo") == "it is not a regular file")
        #expect(refusal("/dev/zero") == "it is not a regular file")
        #expect(refusal(folder + "/none") == "No such file or directory")
        try WholeFile.write([1, 2, 3], to: folder + "/a")
        #expect(refusal(folder + "/a", limit: 2) == "it has 3 bytes and at most 2 are read")
    }

    @Test("with a draft, a FIFO in the place of the file or of the draft is replaced and not waited for")
    func pipes() throws {
        let (path, draft) = (folder + "/a", folder + "/a.part")
        for fifo in [path, draft] {
            unlink(path)
            #expect(mkfifo(fifo, 0o600) == 0)
            try WholeFile.write([1, 2, 3], to: path, draft: draft)
            #expect(try WholeFile.read(path, limit: 100) == [1, 2, 3])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
        }
        #expect(mkfifo(folder + "/fifo", 0o600) == 0)
        #expect(throws: FileFailure.self) { try WholeFile.overwrite(folder + "/fifo", with: [1]) }
    }

    @Test("what a process of the same number left, or writes now, is neither in the way nor removed")
    func sameNumber() throws {
        let left = folder + "/a.\(getpid()).part"
        try WholeFile.write([9], to: left)
        try WholeFile.write([1, 2, 3], to: folder + "/a")
        #expect(try WholeFile.read(folder + "/a", limit: 100) == [1, 2, 3])
        #expect(try WholeFile.read(left, limit: 100) == [9])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    }

    @Test("what cannot be written leaves nothing behind, and what stood there as it was") func unwritable() throws {
        #expect(throws: FileFailure.self) { try WholeFile.write([1], to: folder + "/none/a") }
        #expect(throws: FileFailure.self) { try WholeFile.write([1], to: "/dev/full") }
        let path = folder + "/kept"
        try WholeFile.write([1, 2], to: path)
        for draft in [folder + "/none/draft", folder] {
            #expect(throws: FileFailure.self) { try WholeFile.write([3], to: path, draft: draft) }
        }
        #expect(try WholeFile.read(path, limit: 10) == [1, 2])
    }
}
