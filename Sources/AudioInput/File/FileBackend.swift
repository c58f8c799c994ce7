// Audio files.

import AudioFiles

extension Backend {
    /// "file:PATH", or a bare path.
    static let file = Backend(
        scheme: "file", usage: "file:PATH", isReplay: true,
        parse: { path throws(Problem) in
            guard !path.isEmpty else { throw Problem(detail: "a path must follow file:") }
            return recipe(file: path)
        },
        explain: AudioFileReader.explain)

    fileprivate static func recipe(file path: String) -> Recipe {
        Recipe(detail: path) { options in
            let file = FileSource(path: path)
            return options.realtime ? PacedSource(file) : file
        }
    }
}

extension SourceSpecification {
    /// The audio file at `path`.
    public static func file(path: String) -> SourceSpecification {
        let recipe = Backend.recipe(file: path)
        return SourceSpecification(backend: .file, detail: recipe.detail, build: recipe.make)
    }

    /// Seconds of a file; nil when it cannot be read or does not know, and for everything that is no file.
    public var duration: Double? {
        guard backend.scheme == Backend.file.scheme else { return nil }
        return try? AudioFileReader(path: detail).duration
    }
}
