// Reads and writes complete files.

import Glibc
import System

/// Reads complete files, and writes them so that a reader never finds a partial file. Any thread may use it; it waits
/// for the disk.
public enum WholeFile {
    /// Returns the bytes of a file of at most `limit` bytes.
    ///
    /// The file is copied, not mapped, because truncating a mapped file kills its reader. All files except regular
    /// ones are rejected, a FIFO without waiting for its writer. A file that grows in the meantime is read up to its
    /// size at the beginning.
    public static func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
        let (descriptor, size) = try RegularFile.open(path)
        defer { close(descriptor) }
        guard size <= limit else {
            throw FileFailure(path, "it has \(size) bytes and at most \(limit) are read")
        }
        // Of no bytes, this initializer writes into the empty array that all threads share.
        guard size > 0 else { return [] }
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

    /// Writes `bytes` to `path`: into a new file in the same folder, which is renamed when it is complete.
    ///
    /// The existing file remains until then, and remains permanently when the disk is full. Without a `draft`, symbolic
    /// links are followed, and a device, a pipe or a path such as `/dev/stdout` is written directly, which may wait for
    /// its reader; with one, whatever is at `path` is replaced.
    ///
    /// - Parameters:
    ///   - sync: whether the new file is on the disk before it is renamed, and the name before the call returns, so
    ///     that after a power failure either the old or the new file is complete.
    ///   - draft: the path of the new file until it is complete; an existing file at this path is replaced. `nil` for
    ///     a path that no other process uses.
    ///   - permissions: the mode of a new file, restricted by the process's umask.
    public static func write(
        _ bytes: [UInt8], to path: String, sync: Bool = false, draft: String? = nil, permissions: mode_t = 0o666
    ) throws(FileFailure) {
        var target = path
        do throws(SystemError) {
            if let draft {
                // A FIFO there would be waited for.
                unlink(draft)
            } else {
                switch try Destination(path) {
                case .file(let end): target = end
                case .opened(let end):
                    return try store(bytes, in: try systemCall { open(end, O_WRONLY | O_CLOEXEC) })
                case .descriptor(let number):
                    return try store(bytes, in: try systemCall { fcntl(number, F_DUPFD_CLOEXEC, 0) })
                }
            }
            // Short, because the name of the file may be as long as names can be, and hidden. The random part: in containers
            // every process may have the same number.
            let draft =
                draft
                ?? "\(Destination.folder(of: target)).\(getpid()).\(String(UInt32.random(in: 0 ... .max), radix: 16)).part"
            let descriptor = try create(draft, permissions)
            do throws(SystemError) {
                try store(bytes, in: descriptor, sync: sync)
                try systemCall { rename(draft, target) }
            } catch {
                unlink(draft)
                throw error
            }
        } catch {
            throw FileFailure(path, code: error.code)
        }
        if sync { try Folder.sync(holding: target) }
    }

    /// Overwrites an existing file, truncates it after the new content, and waits for the disk: for a disk without
    /// room for two files.
    public static func overwrite(_ path: String, with bytes: [UInt8]) throws(FileFailure) {
        do throws(SystemError) {
            // A FIFO without a reader is refused instead of waited for.
            let descriptor = try systemCall { open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC) }
            try store(bytes, in: descriptor, sync: true)
        } catch {
            throw FileFailure(path, code: error.code)
        }
    }

    /// Writes all of `bytes`, and blocks while the other end does not read. Throws when the disk is full or the reader
    /// has closed.
    public static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            done += try systemCall {
                bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
            }
        }
    }

    /// Waits until the written data is on the disk. On a file system without this operation it succeeds.
    public static func sync(_ descriptor: Int32) throws(SystemError) {
        do throws(SystemError) {
            try systemCall { fdatasync(descriptor) }
        } catch {
            guard error.code == EINVAL || error.code == ENOTSUP || error.code == EROFS else { throw error }
        }
    }

    /// Creates a file that did not exist.
    private static func create(_ path: String, _ permissions: mode_t) throws(SystemError) -> Int32 {
        try systemCall { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions) }
    }

    /// Writes all bytes and closes the descriptor.
    private static func store(_ bytes: [UInt8], in descriptor: Int32, sync: Bool = false) throws(SystemError) {
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
    /// The bytes after a UTF-8 byte order mark (EF BB BF); all bytes where there is none.
    public var withoutByteOrderMark: ArraySlice<UInt8> {
        starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...]
    }
}
