// JAMS: observations about instruments are read, in both forms, and errors name their place.

import Testing

@testable import Annotations

@Suite("JAMS reader") struct JAMSReaderTests {
    private func file(_ namespace: String, _ data: String) -> String {
        """
        {"annotations": [{"namespace": "beat", "data": [{"time": 1, "duration": 0, "value": 1, "confidence": null}]},
        {"namespace": "\(namespace)", "data": \(data)}], "file_metadata": {"duration": 10}, "sandbox": {}}
        """
    }

    @Test("Observations in a list and observations by column are the same")
    func forms() throws {
        let wanted = [
            Annotation(start: 0, end: 1.5, instrument: "violin", confidence: 0.5),
            Annotation(start: 2, end: 3, instrument: "cello"),
        ]
        let list = """
            [{"time": 0, "duration": 1.5, "value": "violin", "confidence": 0.5},
            {"time": 2, "duration": 1, "value": {"label": "Cello"}, "confidence": null}]
            """
        #expect(try read(.jams, file("segment_open", list)).set.annotations == wanted)
        let columns = """
            {"time": [0, 2], "duration": [1.5, 1], "value": ["violin", "cello"], "confidence": [0.5, null]}
            """
        #expect(try read(.jams, file("tag_open", columns)).set.annotations == wanted)
    }

    @Test("A duration that is not that of the audio is noticed, with both, and refuses nothing")
    func durations() throws {
        let text = file("tag_open", "[{\"time\": 1, \"duration\": 2, \"value\": \"violin\"}]")
        let other = try read(.jams, text, duration: 12.5)
        #expect(other.set.instruments == ["violin"])
        #expect(
            other.notices == [
                "x: file_metadata.duration: it is 10.0 s, and the audio lasts 12.5 s: is this the reference of another "
                    + "recording?"
            ])
        for duration in [nil, 9.1, 10.9] { #expect(try read(.jams, text, duration: duration).notices.isEmpty) }
        for unknown in ["null", "NaN", "0"] {
            let text = text.replacing("\"duration\": 10}", with: "\"duration\": \(unknown)}")
            #expect(try read(.jams, text, duration: 12.5).notices.isEmpty, "\(unknown)")
        }
    }

    @Test("What is wrong is named with its byte or its element")
    func errors() {
        #expect(
            objection(.jams, "{\"annotations\": [")
                == "x: byte 17: not valid JSON: unexpected end of the text: expected a value")
        #expect(objection(.jams, "{}") == "x: annotations: the list is missing: this is not a JAMS file")
        #expect(objection(.jams, file("chord", "[]"))?.contains("no annotation of instruments has a namespace") == true)
        let late = file("tag_open", "[{\"time\": 9, \"duration\": 5, \"value\": \"violin\"}]")
        #expect(objection(.jams, late)?.hasPrefix("x: annotations[1].data[0]: it ends at 14.0 s, beyond") == true)
        let strange = file("tag_open", "[{\"time\": 9, \"duration\": 0.5, \"value\": \"violine\"}]")
        #expect(
            objection(.jams, strange) == "x: annotations[1].data[0]: unknown class \"violine\": did you mean violin?")
        let broken = file("tag_open", "[{\"time\": \"9\", \"duration\": 0.5, \"value\": \"violin\"}]")
        #expect(objection(.jams, broken) == "x: annotations[1].data[0]: time and duration must be numbers")
    }
}
