// The name of a source in a configuration or on a command line.

import AudioCore

/// A source by name: `init(_:)` parses it, `description` formats it, `make` creates it.
///
/// The forms are those of the backends: "alsa:hw:CARD=PCH,DEV=0", "pulse:NAME", "file:PATH". A text without a scheme is
/// the path of a file, and "-" is raw stereo PCM on standard input.
public struct SourceSpecification: Sendable {
    /// The kind of source.
    public let backend: Backend
    /// The part after the scheme and its colon, in canonical form.
    public let detail: String
    private let build: @Sendable (SourceOptions) -> sending any AudioSource

    /// Parses a name.
    public init(_ text: String) throws(AudioInputError) { try self.init(text, among: Backend.all) }

    /// Parses a name of one of the `backends`; one of them must have the scheme "file".
    init(_ text: String, among backends: [Backend]) throws(AudioInputError) {
        let usage = backends.map(\.usage).joined(separator: ", ")
        guard !text.utf8.isEmpty else { throw .malformed(text: text, detail: "name a source: \(usage)") }
        guard !text.utf8.contains(0) else { throw .malformed(text: "?", detail: "a name cannot contain a NUL byte") }
        let (scheme, detail) = Self.parts(text)
        guard let backend = backends.first(where: { $0.scheme == scheme }) else {
            throw .malformed(
                text: text, detail: "unknown kind of source \(scheme); the kinds are \(usage)")
        }
        do throws(Backend.Problem) {
            let recipe = try backend.parse(detail)
            self.init(backend: backend, detail: recipe.detail, build: recipe.make)
        } catch {
            throw .malformed(text: text, detail: error.detail)
        }
    }

    init(
        backend: Backend, detail: String, build: @escaping @Sendable (SourceOptions) -> sending any AudioSource
    ) {
        self.backend = backend
        self.detail = detail
        self.build = build
    }

    /// Returns the scheme and the detail of a text.
    private static func parts(_ text: String) -> (scheme: String, detail: String) {
        if text == "-" { return ("stdin", "s16le:44100:2") }
        // The search uses bytes, not characters: a colon with a combining accent is one character.
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return ("file", text) }
        let scheme = text[..<colon]
        guard !scheme.isEmpty, scheme.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else { return ("file", text) }
        return (String(scheme), String(text[text.utf8.index(after: colon)...]))
    }

    /// Creates the source, not yet open.
    public func make(_ options: SourceOptions = SourceOptions()) -> sending any AudioSource { build(options) }

    /// Whether it is a recording, which has no wall time.
    public var isReplay: Bool { backend.isReplay }

    /// Converts the code of a `ReadResult.failed` to text. Any thread may call it.
    public func explain(_ code: Int32) -> String { backend.explain(code) }
}

extension SourceSpecification: Equatable, CustomStringConvertible {
    /// Equal when they name the same source.
    public static func == (left: SourceSpecification, right: SourceSpecification) -> Bool {
        left.backend.scheme == right.backend.scheme && left.detail == right.detail
    }

    /// The name from which `init` creates the same source.
    public var description: String { "\(backend.scheme):\(detail)" }
}
