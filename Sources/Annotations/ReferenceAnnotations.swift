// What a reader found in a reference.

/// The annotations of a recording, and the classes of which the file cannot tell whether they sound.
public struct ReferenceAnnotations: Equatable, Sendable {
    /// What sounds when.
    public var set: AnnotationSet
    /// Classes that are neither known to sound nor known to be silent where they have no annotation, because the
    /// file names a sound that may be theirs: a string ensemble, a brass section.
    public var unknown: Set<String>
    /// Classes that sound at times that the file does not give.
    public var present: Set<String>

    /// Creates the content of a reference.
    public init(_ set: AnnotationSet, unknown: Set<String> = [], present: Set<String> = []) {
        self.set = set
        self.unknown = unknown
        self.present = present
    }
}
