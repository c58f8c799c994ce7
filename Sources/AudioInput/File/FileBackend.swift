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
    /// Returns the source for the audio file at `path`.
    public static func file(path: String) -> SourceSpecification {
        let recipe = Backend.recipe(file: path)
        return SourceSpecification(backend: .file, detail: recipe.detail, build: recipe.make)
    }

    /// Duration of a file in seconds; nil when it cannot be read or is unknown, and for all other sources.
    public var duration: Double? {
        guard backend.scheme == Backend.file.scheme else { return nil }
        return try? AudioFileReader(path: detail).duration
    }
}
