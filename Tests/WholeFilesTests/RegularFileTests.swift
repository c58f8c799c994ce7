// Opening what a person named: at once, whatever it is.

import Foundation
import Testing
import WholeFiles

@Suite("Regular file") struct RegularFileTests {
    @Test(
        "A FIFO, a folder, a device and a socket are refused at once; a descriptor is close-on-exec and blocking again")
    func kinds() throws {
        let folder = NSTemporaryDirectory() + "regular-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(mkfifo(folder + "/fifo", 0o600) == 0)
        for path in [folder + "/fifo", folder, "/dev/zero", "/dev/tty"] {
            for flags in [O_RDONLY, O_WRONLY] {
                #expect(throws: FileFailure.self, "\(path)") { try RegularFile.open(path, flags) }
            }
        }
        do throws(FileFailure) {
            _ = try RegularFile.open(folder + "/none")
        } catch {
            #expect(error.isMissing && error.reason == "No such file or directory")
        }
        try WholeFile.write([1, 2, 3], to: folder + "/a")
        let (descriptor, size) = try RegularFile.open(folder + "/a")
        defer { close(descriptor) }
        #expect(size == 3)
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0 && fcntl(descriptor, F_GETFL) & O_NONBLOCK == 0)
    }
}
