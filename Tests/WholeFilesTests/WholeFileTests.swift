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

    @Test("a link remains, and the file at its end is written, even where there was none") func links() throws {
        let names = FileManager.default
        try names.createDirectory(atPath: folder + "/far", withIntermediateDirectories: false)
        try WholeFile.write([1], to: folder + "/far/a")
        try names.createSymbolicLink(atPath: folder + "/far/second", withDestinationPath: "a")
        try names.createSymbolicLink(atPath: folder + "/first", withDestinationPath: "far/second")
        try names.createSymbolicLink(atPath: folder + "/new", withDestinationPath: folder + "/far/b")
        try WholeFile.write([1, 2], to: folder + "/first")
        try WholeFile.write([3], to: folder + "/new")
        #expect(try WholeFile.read(folder + "/far/a", limit: 10) == [1, 2])
        #expect(try WholeFile.read(folder + "/far/b", limit: 10) == [3])
        #expect(try names.destinationOfSymbolicLink(atPath: folder + "/first") == "far/second")
        #expect(try names.contentsOfDirectory(atPath: folder + "/far").sorted() == ["a", "b", "second"])
        try names.createSymbolicLink(atPath: folder + "/loop", withDestinationPath: "loop")
        #expect(throws: FileFailure.self) { try WholeFile.write([1], to: folder + "/loop") }
    }

    @Test("an open descriptor is written from where it stands, by its name and through a link to it")
    func descriptors() throws {
        let path = folder + "/log"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor > 2)
        defer { close(descriptor) }
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/link", withDestinationPath: "/dev/fd/\(descriptor)")
        for name in ["/dev/fd/\(descriptor)", "/proc/self/fd/\(descriptor)", folder + "/link"] {
            try WholeFile.write([7], to: name)
        }
        #expect(try WholeFile.read(path, limit: 10) == [7, 7, 7])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["link", "log"])
    }

    @Test("a name may be as long as the file system permits") func longName() throws {
        let path = "\(folder)/\(String(repeating: "n", count: 255))"
        try WholeFile.write([1, 2], to: path)
        #expect(try WholeFile.read(path, limit: 10) == [1, 2])
        #expect(throws: FileFailure.self) { try WholeFile.write([1], to: path + "n") }
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
