// Tables of labels of whole recordings, in their three forms.

import Testing

@testable import Annotations

@Suite("Clip table") struct ClipTableTests {
    private func table(_ text: String) throws -> ClipTable {
        try ClipTableReader.read(Array(text.utf8), context("labels.csv"))
    }

    private func objection(_ text: String) -> String? {
        do {
            _ = try table(text)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("1 is present, 0 absent, nothing unknown; a probability is cut at a half")
    func wide() throws {
        let read = try table("clip,source,violin,Cello\na,\"b, c\",1,0\nx/d.opus,,,0.5\n")
        #expect(
            read.rows == [
                .init(recording: "a", line: 2, presence: ["violin": true, "cello": false]),
                .init(recording: "d", line: 3, presence: ["cello": true]),
            ])
        #expect(read.row(of: "d")?.line == 3 && read.row(of: "e") == nil)
    }

    @Test("A mask of 0 makes unknown, whatever the probability")
    func masked() throws {
        let read = try table("clip,violin,cello,violin_mask,cello_mask\na,0.9,0.9,1,0\nb,0.1,0.2,0,1\n")
        #expect(read.rows.map(\.presence) == [["violin": true], ["cello": false]])
    }

    @Test("OpenMIC's aggregated labels are read; pairs without a row are unknown")
    func pairs() throws {
        let read = try table(
            "sample_key,instrument,relevance,num_responses\n000046_3840,voice,0.08,3\n000046_3840,piano,1.0,3\n000135_0,voice,0.5,3\n"
        )
        #expect(
            read.rows == [
                .init(recording: "000046_3840", line: 2, presence: ["voice": false, "piano": true]),
                .init(recording: "000135_0", line: 4, presence: ["voice": true]),
            ])
    }

    @Test("What is wrong is named with its line")
    func errors() {
        #expect(objection("clip,violin,cellow\n") == "labels.csv:1: unknown class \"cellow\": did you mean cello?")
        #expect(
            objection("clip,violin\na,2\n")
                == "labels.csv:2: violin is \"2\": expected 1, 0, a probability between them, or nothing")
        #expect(objection("clip,violin\na,1\na,0\n") == "labels.csv:3: a second row for a: remove one")
        #expect(objection("clip,violin\na\n")?.hasPrefix("labels.csv:2: the row has fewer fields") == true)
        #expect(objection("clip,name\n") == "labels.csv:1: the header must name the recording first, and then classes")
        #expect(
            objection("sample_key,instrument,relevance\na,kazoo,1\n")?.hasPrefix(
                "labels.csv:2: unknown class \"kazoo\"") == true)
    }
}
