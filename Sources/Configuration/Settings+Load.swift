// Where settings come from: a file or a text.

import Glibc
import Spelling

extension Settings {
    /// Reads the configuration in `text`; `file` is only for messages.
    public init(text: String, file: String) throws(ConfigurationError) {
        self = try ConfigurationReader.read(Array(text.utf8), file: file)
    }

    /// Reads the configuration in `bytes`; `file` is only for messages.
    public init(bytes: [UInt8], file: String) throws(ConfigurationError) {
        self = try ConfigurationReader.read(bytes, file: file)
    }

    /// Reads the configuration file at `path`. The file is never written.
    public init(file path: String) throws(ConfigurationError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(file: path, detail: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while bytes.count <= ConfigurationReader.maximumBytes {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(file: path, detail: String(cString: strerror(errno))) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        self = try ConfigurationReader.read(bytes, file: path)
    }

    /// Refuses instruments that the model does not know, in overrides and for recording; `file` is only for messages.
    public func check(classes: [String], file: String) throws(ConfigurationError) {
        for override in events.overrides where !classes.contains(override.instrument) {
            throw .line(
                file: file, line: override.line,
                problem: "the model knows no instrument \(override.instrument): "
                    + NearestName.remedy(for: override.instrument, among: classes))
        }
        guard case .these(let names) = record.instruments else { return }
        for name in names where !classes.contains(name) {
            throw .line(
                file: file, line: record.instrumentsLine,
                problem: "the model knows no instrument \(name): \(NearestName.remedy(for: name, among: classes))")
        }
    }
}
