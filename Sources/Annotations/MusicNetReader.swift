// Reads the labels of MusicNet.

/// MusicNet's tables (Thickstun, Harchaoui & Kakade 2017): `start_time,end_time,instrument,note,...`, the times in
/// samples at 44.1 kHz, the instrument as a General MIDI program counted from 1.
public enum MusicNetReader {
    /// The rate of the times, independent of the rate of the audio.
    public static let sampleRate = 44_100.0
    /// The columns that identify such a table: instruments are programs, so it has no column of labels.
    static let columns = ["start_time", "end_time", "instrument", "note"]

    /// Reads the labels of one recording. Instruments that are none of the classes are ignored.
    public static func read(_ bytes: [UInt8], _ context: ReadingContext) throws(AnnotationsError)
        -> ReferenceAnnotations
    {
        let lines = try TextLines(bytes, file: context.file).filled
        let head = lines.first.flatMap { CSVFields.split($0.text) } ?? []
        guard let start = head.firstIndex(of: "start_time"), let end = head.firstIndex(of: "end_time"),
            let program = head.firstIndex(of: "instrument"), let note = head.firstIndex(of: "note")
        else {
            throw context.error("the header must name start_time, end_time, instrument and note", line: 1)
        }
        var notes = ClassifiedNotes()
        for line in lines.dropFirst() {
            let fields = CSVFields.split(line.text) ?? []
            func number(_ position: Int) -> Double? { position < fields.count ? Double(fields[position]) : nil }
            guard let first = number(start), let last = number(end),
                let sound = number(program).flatMap(Int.init(exactly:)),
                (1...128).contains(sound), let pitch = number(note).flatMap(Int.init(exactly:)),
                (0...127).contains(pitch)
            else {
                throw context.error(
                    "expected two times in samples, a General MIDI program from 1 to 128 and a note from 0 to 127",
                    line: line.number)
            }
            let (from, to) = (first / sampleRate, last / sampleRate)
            if let problem = context.objection(start: from, end: to) { throw context.error(problem, line: line.number) }
            notes.add(GeneralMIDI.sound(program: sound - 1), from, to, pitch: pitch, context)
        }
        return notes.reference(context)
    }
}
