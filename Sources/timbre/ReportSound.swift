// The sound of a report's page: in the page, or a link to the file.

import CommandLine
import Foundation
import Reports

/// Decides how a page gets at its sound.
enum ReportSound {
    /// Larger files are linked unless a person says otherwise: browsers take long over larger pages.
    static let largestEmbedded = 16 << 20

    /// What a person asked for.
    enum Choice {
        case automatic, embed, link
    }

    /// How the page at `page` gets at the file at `path`.
    static func audio(_ path: String, page: String, _ choice: Choice) throws(Failure) -> ReportContent.Audio {
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        guard choice == .embed || (choice == .automatic && size <= largestEmbedded) else {
            return .linked(address: address(of: path, from: page))
        }
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw Failure("\(path): cannot be read: \(error.localizedDescription)", .noInput)
        }
        return .embedded(address: "data:\(mediaType(path));base64,\(bytes.base64EncodedString())")
    }

    /// The way from the page's folder to the file, as a relative address.
    static func address(of path: String, from page: String) -> String {
        let target = URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().pathComponents
        let folder = URL(filePath: page).standardizedFileURL.deletingLastPathComponent().resolvingSymlinksInPath()
            .pathComponents
        let shared = zip(target, folder).prefix { $0 == $1 }.count
        let parts = Array(repeating: "..", count: folder.count - shared) + target[shared...]
        let allowed = CharacterSet(charactersIn: "-._~").union(.alphanumerics).intersection(
            CharacterSet(charactersIn: "\u{0}"..."\u{7F}"))
        return parts.map { $0.addingPercentEncoding(withAllowedCharacters: allowed) ?? $0 }.joined(separator: "/")
    }

    private static func mediaType(_ path: String) -> String {
        switch URL(filePath: path).pathExtension.lowercased() {
        case "flac": "audio/flac"
        case "wav": "audio/wav"
        case "mp3": "audio/mpeg"
        case "ogg", "oga", "opus": "audio/ogg"
        default: "application/octet-stream"
        }
    }
}
