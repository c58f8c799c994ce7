// SHA-256 of bytes, and of files of any size.

import CCrypto
import Glibc
import System
import WholeFiles

/// SHA-256 in 64 hexadecimal digits; OpenSSL's, which uses the processor's own instructions for it. Any thread.
public enum Digest {
    /// Bytes of a file that are read at once.
    private static let block = 1 << 18

    /// The hash of bytes.
    public static func sha256(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { sha256($0) }
    }

    /// The hash of bytes that lie in memory.
    public static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(bytes.baseAddress, bytes.count, &digest)
        return hexadecimal(digest)
    }

    /// The hash of a regular file's content, which is never in memory as a whole; blocks while the disk is read.
    public static func sha256(ofFile path: String) throws(FileFailure) -> String {
        let descriptor = try RegularFile.open(path).descriptor
        defer { close(descriptor) }
        do throws(SystemError) {
            return try sha256 { bytes throws(SystemError) in
                try systemCall { read(descriptor, bytes.baseAddress, bytes.count) }
            }
        } catch {
            throw FileFailure(path, code: error.code)
        }
    }

    /// The hash of `count` bytes of an open file from `offset`, of fewer where it ends before.
    public static func sha256(of descriptor: Int32, from offset: Int, count: Int) throws(SystemError) -> String {
        var done = 0
        return try sha256 { bytes throws(SystemError) in
            let size = try systemCall {
                pread(descriptor, bytes.baseAddress, min(bytes.count, count - done), offset + done)
            }
            done += size
            return size
        }
    }

    /// The hash of the bytes that `fill` puts at the start of a buffer, as many as it returns; 0 at the end.
    private static func sha256(
        fill: (UnsafeMutableRawBufferPointer) throws(SystemError) -> Int
    ) throws(SystemError) -> String {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("OpenSSL has no SHA-256")
        }
        defer { EVP_MD_CTX_free(context) }
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: block, alignment: 1)
        defer { bytes.deallocate() }
        while case let count = try fill(bytes), count > 0 {
            EVP_DigestUpdate(context, bytes.baseAddress, count)
        }
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        EVP_DigestFinal_ex(context, &digest, nil)
        return hexadecimal(digest)
    }

    private static func hexadecimal(_ digest: [UInt8]) -> String {
        digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
