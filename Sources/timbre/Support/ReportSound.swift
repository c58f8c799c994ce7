// The audio of a report's page: embedded in the page, or a link to the file.

import CommandLine
import FoundationEssentials
import Glibc
import Reports
import WholeFiles

/// Determines how a page loads its audio.
enum ReportSound {
    /// Larger files are linked unless the user chooses otherwise, because browsers load larger pages slowly.
    static let largestEmbedded = 16 << 20
    /// Browsers do not open a page with more than this.
    private static let limit = 1 << 30

    /// The user's choice.
    enum Choice {
        case automatic, embed, link
    }

    /// Returns how the page at `page` loads the file at `path`.
    static func audio(_ path: String, page: String, _ choice: Choice) throws(Failure) -> ReportContent.Audio {
        var facts = stat()
        let size = stat(path, &facts) == 0 ? Int(facts.st_size) : 0
        guard choice == .embed || (choice == .automatic && size <= largestEmbedded) else {
            return .linked(address: address(of: path, from: page))
        }
        do throws(FileFailure) {
            let text = Data(try WholeFile.read(path, limit: limit)).base64EncodedString()
            return .embedded(address: "data:\(mediaType(path));base64,\(text)")
        } catch {
            throw Failure("\(path): cannot be read: \(error.reason)", .noInput)
        }
    }

    /// Returns the path from the page's folder to the file, as a relative address.
    static func address(of path: String, from page: String) -> String {
        let target = parts(path)
        let folder = parts(
            page.contains("/") ? String(page[..<(page.lastIndex(of: "/") ?? page.startIndex)]) + "/" : ".")
        let shared = zip(target, folder).prefix { $0 == $1 }.count
        let way = Array(repeating: "..", count: folder.count - shared) + target[shared...]
        return way.map(escaped).joined(separator: "/")
    }

    /// Returns the path components from the root to a file or folder; links are resolved as far as the path exists.
    private static func parts(_ path: String) -> [String] {
        var (head, tail) = (path, [String]())
        while true {
            if let real = realpath(head.isEmpty ? "." : head, nil) {
                defer { free(real) }
                return String(cString: real).split(separator: "/").map(String.init) + tail
            }
            // A component that does not exist yet is used unchanged.
            let slash = head.lastIndex(of: "/")
            let name = slash.map { head[head.index(after: $0)...] } ?? head[...]
            if !name.isEmpty { tail.insert(String(name), at: 0) }
            head = slash.map { $0 == head.startIndex ? "/" : String(head[..<$0]) } ?? ""
        }
    }

    private static func escaped(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }

    private static func mediaType(_ path: String) -> String {
        switch path.split(separator: ".").last?.lowercased() {
        case "flac": "audio/flac"
        case "wav": "audio/wav"
        case "mp3": "audio/mpeg"
        case "ogg", "oga", "opus": "audio/ogg"
        default: "application/octet-stream"
        }
    }
}
