// Converts notes of General MIDI sounds to annotations.

/// Collects notes by the class of their sound.
struct ClassifiedNotes {
    private var annotations: [Annotation] = []
    private var unknown: Set<String> = []

    /// Adds a note whose times are already validated.
    mutating func add(
        _ sound: GeneralMIDI.Sound, _ start: Double, _ end: Double, pitch: Int?, _ context: ReadingContext
    ) {
        switch sound {
        case .instrument(let name) where context.vocabulary.names.contains(name):
            annotations.append(context.annotation(start, end, name, pitch: pitch))
        case .anyOf(let names): unknown.formUnion(names)
        case .instrument, .other: break
        }
    }

    /// Returns the resulting reference.
    func reference(_ context: ReadingContext) -> ReferenceAnnotations {
        ReferenceAnnotations(AnnotationSet(annotations, duration: context.duration), unknown: unknown)
    }
}
