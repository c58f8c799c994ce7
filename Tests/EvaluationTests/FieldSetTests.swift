// Sets as the field has them, each test named after the case that was misread or refused.

import Annotations
import Foundation
import Testing

@testable import Evaluation

@Suite("Sets of the field") struct FieldSetTests {
    private let vocabulary = Vocabulary(["cello", "trumpet", "violin"])

    private func folder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "field-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        try body(folder.path)
    }

    @Test("reference-uppercase-ending: A.WAV finds A.CSV; a name in NFC finds its reference in NFD")
    func referenceUppercaseEnding() throws {
        let (composed, decomposed) = ("Ch\u{F6}re", "Cho\u{308}re")
        let files = ["A.WAV": "", "A.CSV": "0,1,violin\n", "\(composed).wav": "", "\(decomposed).Jams": ""]
        try folder(files) { path in
            let set = try EvaluationSet(path: path, vocabulary: vocabulary)
            #expect(set.leftOut.isEmpty)
            let found = set.items.compactMap { $0.reference.map { Array($0.utf8.dropFirst(path.utf8.count + 1)) } }
            #expect(Set(found) == [Array("A.CSV".utf8), Array("\(decomposed).Jams".utf8)])
            let item = try #require(set.items.first { $0.name == "A" })
            let reference = try EvaluationSet.reference(of: item, duration: 2, vocabulary: vocabulary)
            #expect(reference.spans["violin"] == [TimeSpan(0, 1)])
        }
    }

    @Test("two-references: the one that is left out is named with the one that is used, unless it is a copy")
    func twoReferences() throws {
        let files = [
            "a.wav": "", "a.csv": "0,1,violin\n", "a.txt": "0\t1\tcello\n", "a.CSV": "0,1,violin\n", "b.wav": "",
            "b.csv": "0,1,violin\n",
        ]
        try folder(files) { path in
            let set = try EvaluationSet(path: path, vocabulary: vocabulary)
            let used = try #require(set.items.first?.reference)
            #expect(used.lowercased() == "\(path)/a.csv".lowercased() && set.items.count == 2)
            #expect(
                set.notices == [
                    "\(path)/a.txt: this reference is left out, because \(used) is that of the same recording: keep one "
                        + "of them"
                ])
        }
    }

    @Test("manifest-bom: a manifest from a spreadsheet is read, and its names in whatever normal form")
    func manifestByteOrderMark() throws {
        let files = [
            "a.wav": "", "a.csv": "0,1,violin\n", "e\u{301}.wav": "",
            "set.csv": "\u{FEFF}audio,reference,labels\r\na.wav,a.csv,\r\n\u{E9}.wav,a.csv,\r\n",
        ]
        try folder(files) { path in
            let set = try EvaluationSet(path: path + "/set.csv", vocabulary: vocabulary)
            #expect(set.leftOut.isEmpty && set.items.count == 2)
            #expect(set.items.allSatisfy { FileContent.exists($0.audio) })
        }
    }

    @Test(
        "jams-without-length: a class without times is present, its frames are unknown, and a label may not contradict")
    func jamsWithoutLength() throws {
        let jams = """
            {"annotations":[{"namespace":"tag_open","data":[{"time":0,"duration":0,"value":"trumpet","confidence":1}]}]}
            """
        try folder(["a.jams": jams]) { path in
            var item = EvaluationSet.Item(name: "a", audio: path + "/a.wav", reference: path + "/a.jams")
            let reference = try EvaluationSet.reference(of: item, duration: 4, vocabulary: vocabulary)
            #expect(reference.presence == ["trumpet": true, "cello": false, "violin": false])
            #expect(reference.spans["trumpet"] == nil && reference.spans["cello"] == [])
            item.labels = ["trumpet": false]
            #expect(throws: EvaluationError.self) {
                try EvaluationSet.reference(of: item, duration: 4, vocabulary: vocabulary)
            }
        }
    }

    @Test("csv-filename-column: a table of several recordings gives each its own rows")
    func csvFilenameColumn() throws {
        let table = "filename,onset,offset,event_label\na.wav,0.2,1.8,trumpet\nb.wav,0.2,1.8,cello\n"
        try folder(["t.csv": table]) { path in
            for (name, instrument) in [("a", "trumpet"), ("b", "cello")] {
                let item = EvaluationSet.Item(name: name, audio: "\(path)/\(name).wav", reference: path + "/t.csv")
                let reference = try EvaluationSet.reference(of: item, duration: 2, vocabulary: vocabulary)
                #expect(reference.presence.filter(\.value).map(\.key) == [instrument])
            }
        }
    }
}
