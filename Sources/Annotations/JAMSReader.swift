// Reads JAMS files.

import Events
import JSON
import WholeFiles

/// JAMS (Humphrey et al. 2014): the observations of all annotations whose namespace begins with `segment_` or `tag_`,
/// whose value is a class name or an object with a `label`. Other annotations (beats, chords, the structure of the
/// piece, its genre) are ignored.
///
/// A tag at time 0 with duration 0 applies to the whole recording: the class is present at unknown times. `NaN`, which
/// the reference library of JAMS writes, is no value.
public enum JAMSReader {
    /// Prefixes of namespaces that describe structure, genre or urban sounds, and never instruments.
    private static let others = [
        "segment_salami", "segment_tut", "segment_isophonic", "tag_gtzan", "tag_fma", "tag_msd_tagtraum",
        "tag_urbansound",
    ]

    /// How far the file's duration may differ from that of the audio, in seconds.
    private static let tolerance = 1.0

    /// Reads a file.
    public static func read(_ bytes: [UInt8], _ context: ReadingContext) throws(AnnotationsError)
        -> ReferenceAnnotations
    {
        let root: JSONValue
        do {
            root = try JSONParser.parse(bytes.withoutByteOrderMark, acceptsNonFinite: true)
        } catch {
            guard case .syntax(let byte, let problem) = error else {
                throw context.error(error.description, byte: 0)
            }
            throw context.error("not valid JSON: \(problem)", byte: byte)
        }
        guard let sections = root["annotations"]?.elements else {
            throw context.error("the list is missing: this is not a JAMS file", element: "annotations")
        }
        var annotations: [Annotation] = []
        var present: Set<String> = []
        var isAbout = false
        for (index, section) in sections.enumerated() {
            guard let space = section["namespace"]?.text, space.hasPrefix("segment_") || space.hasPrefix("tag_"),
                !others.contains(where: space.hasPrefix)
            else { continue }
            isAbout = true
            for (number, observation) in observations(section["data"]).enumerated() {
                let position = "annotations[\(index)].data[\(number)]"
                let annotation = try annotation(observation, position, context)
                if space.hasPrefix("tag_"), annotation.start == 0, annotation.end == 0 {
                    present.insert(annotation.instrument)
                } else {
                    annotations.append(annotation)
                }
            }
        }
        guard isAbout else {
            throw context.error(
                "no annotation of instruments has a namespace that begins with segment_ or tag_",
                element: "annotations")
        }
        return ReferenceAnnotations(
            AnnotationSet(annotations, duration: context.duration), present: present, notices: notices(root, context))
    }

    /// A duration of other audio does not make the file invalid, because programs write rounded or estimated ones.
    private static func notices(_ root: JSONValue, _ context: ReadingContext) -> [String] {
        guard let stated = root["file_metadata"]?["duration"]?.double, stated > 0, let duration = context.duration,
            abs(stated - duration) > tolerance
        else { return [] }
        let problem =
            "it is \(context.shown(stated)) s, and the audio lasts \(context.shown(duration)) s: is this the reference of "
            + "another recording?"
        return [context.error(problem, element: "file_metadata.duration").description]
    }

    /// Observations are objects in a list, or in older files one object of lists.
    private static func observations(_ data: JSONValue?) -> [JSONValue] {
        if let list = data?.elements { return list }
        guard let times = data?["time"]?.elements else { return [] }
        return times.indices.map { index in
            .object(
                ["time", "duration", "value", "confidence"].compactMap { name in
                    guard let list = data?[name]?.elements, index < list.count else { return nil }
                    return JSONValue.Member(name, list[index])
                })
        }
    }

    private static func annotation(
        _ observation: JSONValue, _ position: String, _ context: ReadingContext
    ) throws(AnnotationsError) -> Annotation {
        guard let start = observation["time"]?.double, let length = observation["duration"]?.double else {
            throw context.error("time and duration must be numbers", element: position)
        }
        if let problem = context.objection(start: start, end: start + length) {
            throw context.error(problem, element: position)
        }
        guard let label = observation["value"]?.text ?? observation["value"]?["label"]?.text else {
            throw context.error("the value must name a class", element: position)
        }
        guard let instrument = context.vocabulary.name(for: label) else {
            throw context.error(context.vocabulary.objection(to: label), element: position)
        }
        let confidence = observation["confidence"]?.double.flatMap { (0...1).contains($0) ? $0 : nil }
        return context.annotation(start, start + length, instrument, confidence: confidence)
    }
}
