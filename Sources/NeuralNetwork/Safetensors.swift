// Reads tensors from the safetensors format, with all values validated.

import JSON

/// The content of a safetensors file (https://github.com/huggingface/safetensors): 8 bytes little-endian header
/// length, a JSON header with type, shape and position of every tensor, then the tensors without gap or overlap.
public struct Safetensors: Sendable {
    /// The strings under `__metadata__`.
    public let metadata: [String: String]
    /// Every tensor by its name.
    public let tensors: [String: Tensor]

    /// Largest size of a header in bytes.
    public static let headerLimit = 1 << 24
    /// Largest number of axes of a tensor.
    static let mostAxes = 8
    /// The largest nesting of the header: an object of objects of arrays.
    private static let depth = 4

    /// Reads and validates a complete file.
    public init(contentsOf path: String) throws(NetworkError) {
        try self.init(try FileBytes.read(path), file: path)
    }

    /// Validates all bytes and reads the tensors; `file` is the name of the file in error messages.
    public init(_ bytes: [UInt8], file: String) throws(NetworkError) {
        guard bytes.count >= 8 else {
            throw .malformed(file: file, byte: bytes.count, reason: "it ends before the 8 bytes of the header's length")
        }
        let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= Self.headerLimit else {
            throw .malformed(
                file: file, byte: 0,
                reason:
                    "a header of \(length) bytes is above the limit of \(Self.headerLimit); is it a safetensors file?")
        }
        let start = 8 + Int(length)
        guard start <= bytes.count else {
            throw .malformed(
                file: file, byte: bytes.count, reason: "it ends inside the header, which ends at byte \(start)")
        }

        let header: SafetensorsHeader
        do {
            header = try JSONParser.parse(bytes[8..<start], depth: Self.depth).decode(as: SafetensorsHeader.self)
        } catch {
            throw .malformed(file: file, byte: 8, reason: "in the header, \(error)")
        }
        metadata = header.metadata

        var tensors: [String: Tensor] = [:]
        var end = start
        for (name, entry) in header.entries.sorted(by: {
            ($0.value.begin, $0.value.end) < ($1.value.begin, $1.value.end)
        }) {
            func failure(_ reason: String) -> NetworkError {
                .malformedTensor(file: file, tensor: name, byte: start &+ entry.begin, reason: reason)
            }
            guard let size = entry.size else {
                throw failure(
                    "\(entry.type) with shape \(entry.shape) is not supported (F32, F16, BF16; at most \(Self.mostAxes) axes)"
                )
            }
            guard entry.begin >= 0, entry.end - entry.begin == size else {
                throw failure(
                    "\(entry.type) with shape \(entry.shape) needs \(size) bytes, not \(entry.begin)..<\(entry.end)")
            }
            guard start + entry.begin >= end else {
                throw failure("it overlaps the tensor before it, which ends at byte \(end)")
            }
            guard start + entry.begin == end else {
                throw failure("there is a hole before it, which begins at byte \(end)")
            }
            guard size <= bytes.count - end else {
                throw failure(
                    "the file ends at byte \(bytes.count), inside the tensor, which ends at byte \(end + size)")
            }
            tensors[name] = entry.tensor(named: name, from: bytes[end..<end + size])
            end += size
        }
        guard end == bytes.count else {
            throw .malformed(file: file, byte: end, reason: "\(bytes.count - end) bytes follow the last tensor")
        }
        self.tensors = tensors
    }
}
