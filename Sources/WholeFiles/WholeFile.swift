// Whole files, read and written in one piece.

import Glibc
import System

/// Reads files whole, and writes them so that a reader never finds half of one. For any thread; it waits for the disk.
public enum WholeFile {
    /// The bytes of a file of at most `limit` bytes.
    ///
    /// The file is copied, not mapped: a mapped file that is truncated kills its reader. Anything but a regular file is
    /// refused, a FIFO without waiting for its writer. A file that grows meanwhile is read as far as it was at the beginning.
    public static func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
        let (descriptor, size) = try RegularFile.open(path)
        defer { close(descriptor) }
        guard size <= limit else {
            throw FileFailure(path, "it has \(size) bytes and at most \(limit) are read")
        }
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            do throws(SystemError) {
                while count < size, let start = buffer.baseAddress {
                    let got = try systemCall { Glibc.read(descriptor, start + count, size - count) }
                    if got == 0 { break }
                    count += got
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw FileFailure(path, code: failure.code) }
        return bytes
    }

    /// Writes `bytes` to `path`: into a new file beside it, which takes its name when it is complete.
    ///
    /// What stood there before stays until then, and stays for good when the disk is full. A device or pipe is written
    /// directly.
    ///
    /// - Parameters:
    ///   - sync: whether the new file is with the disk before it takes the name, and the name before this returns, so that a
    ///     power cut leaves the old or the new whole.
    ///   - draft: the path of the new file until it is complete, replaced where it is there already; `nil` for one that no
    ///     other process takes.
    ///   - permissions: those of a new file, less the process's mask.
    public static func write(
        _ bytes: [UInt8], to path: String, sync: Bool = false, draft: String? = nil, permissions: mode_t = 0o666
    ) throws(FileFailure) {
        var facts = stat()
        do throws(SystemError) {
            if stat(path, &facts) == 0, facts.st_mode & S_IFMT != S_IFREG {
                try store(bytes, at: path, O_WRONLY)
                return
            }
            let flags = O_WRONLY | O_CREAT | (draft == nil ? O_EXCL : O_TRUNC)
            let draft = draft ?? "\(path).\(getpid()).part"
            do throws(SystemError) {
                try store(bytes, at: draft, flags, sync: sync, permissions: permissions)
                try systemCall { rename(draft, path) }
            } catch {
                unlink(draft)
                throw error
            }
        } catch {
            throw FileFailure(path, code: error.code)
        }
        if sync { try Folder.sync(holding: path) }
    }

    /// Writes over a file that is there, cuts off what stood after, and waits for the disk: for a disk that is too full for two.
    public static func overwrite(_ path: String, with bytes: [UInt8]) throws(FileFailure) {
        do throws(SystemError) {
            try store(bytes, at: path, O_WRONLY, sync: true)
        } catch {
            throw FileFailure(path, code: error.code)
        }
    }

    /// Writes all of `bytes`, and blocks while the other end does. Throws when the disk or the reader takes no more.
    public static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            done += try systemCall {
                bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
            }
        }
    }

    /// Waits until what was written is with the disk. File systems that cannot say so are believed.
    public static func sync(_ descriptor: Int32) throws(SystemError) {
        do throws(SystemError) {
            try systemCall { fdatasync(descriptor) }
        } catch {
            guard error.code == EINVAL || error.code == ENOTSUP || error.code == EROFS else { throw error }
        }
    }

    private static func store(
        _ bytes: [UInt8], at path: String, _ flags: Int32, sync: Bool = false, permissions: mode_t = 0o666
    ) throws(SystemError) {
        let descriptor = try systemCall { open(path, flags | O_CLOEXEC, permissions) }
        do throws(SystemError) {
            try writeAll(bytes, to: descriptor)
            if sync {
                try systemCall { ftruncate(descriptor, off_t(bytes.count)) }
                try Self.sync(descriptor)
            }
        } catch {
            close(descriptor)
            throw error
        }
        // Repeating a close could close another thread's descriptor.
        guard close(descriptor) == 0 else { throw SystemError.last }
    }
}

extension Array where Element == UInt8 {
    /// The bytes behind a UTF-8 byte order mark (EF BB BF); all of them where there is none.
    public var withoutByteOrderMark: ArraySlice<UInt8> {
        starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...]
    }
}
