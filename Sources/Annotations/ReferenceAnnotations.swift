// The result of reading a reference.

/// The annotations of a recording, and the classes for which the file does not determine whether they sound.
public struct ReferenceAnnotations: Equatable, Sendable {
    /// The annotations.
    public var set: AnnotationSet
    /// Classes that are neither known to sound nor known to be silent where they have no annotation, because the file
    /// contains a sound that may belong to them: a string ensemble, a brass section.
    public var unknown: Set<String>
    /// Classes that sound at times that the file does not contain.
    public var present: Set<String>
    /// What makes it doubtful that the file belongs to the audio, with the file's name.
    public var notices: [String]

    /// Creates a reference.
    public init(
        _ set: AnnotationSet, unknown: Set<String> = [], present: Set<String> = [], notices: [String] = []
    ) {
        self.set = set
        self.unknown = unknown
        self.present = present
        self.notices = notices
    }
}
