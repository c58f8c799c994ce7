// Notes of General MIDI sounds on their way to being annotations.

/// Collects notes by what they say about the classes.
struct ClassifiedNotes {
    private var annotations: [Annotation] = []
    private var unknown: Set<String> = []

    /// Takes a note whose times have been checked.
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

    /// What the notes say together.
    func reference(_ context: ReadingContext) -> ReferenceAnnotations {
        ReferenceAnnotations(AnnotationSet(annotations, duration: context.duration), unknown: unknown)
    }
}
