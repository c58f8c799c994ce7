// Manifests and folders: what belongs to a set, and which line is wrong.

import Annotations
import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite("Evaluation set") struct SetTests {
    private let vocabulary = Vocabulary(["cello", "violin"])

    /// A folder with these files, for one test.
    private func folder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "set-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try body(folder.path)
    }

    @Test("A folder's recordings find the references beside them, in frames/, and in labels.csv")
    func folders() throws {
        let files = [
            "a.wav": "", "a.jams": "", "audio/b.opus": "", "frames/b.csv": "", "audio/c.flac": "", "d.wav": "",
            "labels.csv": "clip,violin,cello\nb,1,\nc,0,0\nlost,1,1\n", "notes.doc": "",
        ]
        try folder(files) { path in
            let set = try EvaluationSet(path: path, vocabulary: vocabulary)
            #expect(set.items.map(\.name) == ["a", "b", "c"])
            #expect(set.items.map { $0.reference?.dropFirst(path.count + 1) } == ["a.jams", "frames/b.csv", nil])
            #expect(set.items.map(\.labels) == [nil, ["violin": true], ["violin": false, "cello": false]])
            #expect(
                set.leftOut == [
                    LeftOut("d", "\(path)/d.wav: it has no reference"),
                    LeftOut("lost", "\(path)/labels.csv:4: there is no audio for lost"),
                ])
        }
    }

    @Test("Of recordings with one name but for the suffix the first is evaluated, and the rest goes on")
    func sameNames() throws {
        let files = ["a.flac": "", "a.wav": "", "a.csv": "", "b.wav": "", "b.csv": "", "audio/b.wav": ""]
        try folder(files) { path in
            let set = try EvaluationSet(path: path, vocabulary: vocabulary)
            #expect(set.items.map(\.audio) == [path + "/a.flac", path + "/b.wav"])
            let remedy = "rename one of them, or list both in a manifest"
            #expect(
                set.leftOut == [
                    LeftOut("a.wav", "\(path)/a.wav: its name without the suffix is that of \(path)/a.flac: \(remedy)"),
                    LeftOut(
                        "b.wav", "\(path)/audio/b.wav: its name without the suffix is that of \(path)/b.wav: \(remedy)"),
                ])
        }
    }

    @Test("A manifest's paths begin at the manifest; a line that is wrong is named and left out")
    func manifests() throws {
        let files = [
            "in/a.wav": "", "in/a.csv": "", "t.csv": "clip,violin\na,1\n",
            "set.csv":
                "audio,reference,labels\nin/a.wav,in/a.csv,t.csv\nin/b.wav,in/a.csv,\n\nin/a.wav,,\n,in/a.csv,\n",
        ]
        try folder(files) { path in
            let set = try EvaluationSet(path: path + "/set.csv", vocabulary: vocabulary)
            #expect(
                set.items == [
                    .init(
                        name: "in/a.wav", audio: path + "/in/a.wav", reference: path + "/in/a.csv",
                        labels: ["violin": true])
                ])
            #expect(
                set.leftOut.map(\.problem) == [
                    "\(path)/set.csv:3: \(path)/in/b.wav does not exist",
                    "\(path)/set.csv:5: neither a reference nor labels are given for \(path)/in/a.wav",
                    "\(path)/set.csv:6: the audio is missing",
                ])
        }
    }

    @Test("What is no set is refused: no header, a recording twice, nothing in it, a bad table")
    func refusals() throws {
        let files = [
            "a.wav": "", "a.csv": "", "none.csv": "file,truth\n", "empty/x.txt": "",
            "twice.csv": "audio,reference\na.wav,a.csv\na.wav,a.csv\n", "bad/a.wav": "",
            "bad/labels.csv": "clip,violin\na,3\n",
        ]
        try folder(files) { path in
            func problem(_ name: String) -> String? {
                do {
                    _ = try EvaluationSet(path: "\(path)/\(name)", vocabulary: vocabulary)
                    return nil
                } catch {
                    return String(error.description.dropFirst(path.count + 1))
                }
            }
            #expect(problem("none.csv") == "none.csv:1: the header must be audio,reference,labels")
            #expect(problem("twice.csv") == "twice.csv: duplicate recording a.wav: list each recording once")
            #expect(problem("empty") == "empty: it contains no recordings")
            #expect(problem("bad")?.hasPrefix("bad/labels.csv:2: violin is \"3\"") == true)
            #expect(problem("lost.csv") == "lost.csv: No such file or directory")
        }
    }

    @Test("A reference of a strange format or with a contradiction is named by its file")
    func references() throws {
        try folder(["a.wav": "", "a.doc": "", "b.csv": "0,1,violin\n"]) { path in
            let strange = EvaluationSet.Item(name: "a", audio: path + "/a.wav", reference: path + "/a.doc")
            #expect(throws: EvaluationError.self) {
                try EvaluationSet.reference(of: strange, duration: 1, vocabulary: vocabulary)
            }
            let contrary = EvaluationSet.Item(
                name: "b", audio: path + "/a.wav", reference: path + "/b.csv", labels: ["violin": false])
            #expect(
                throws: EvaluationError.content(
                    file: path + "/b.csv",
                    problem:
                        "the reference has annotations of violin, which is absent according to the labels: correct one of them"
                )
            ) { try EvaluationSet.reference(of: contrary, duration: 1, vocabulary: vocabulary) }
        }
    }

    @Test("A manifest's files are looked for where it is told to look, and nowhere else")
    func namedFiles() throws {
        let files = NamedFiles(
            find: { $0 == "/etc/hostname" ? nil : $0 }, read: { _ in Array("clip,violin\na,1\n".utf8) })
        let set = try EvaluationSet(
            manifest: Array("audio,labels\na.wav,t.csv\n/etc/hostname,t.csv\n".utf8), path: "/nowhere/set.csv",
            vocabulary, files: files)
        #expect(set.items.map(\.audio) == ["/nowhere/a.wav"])
        #expect(set.items.map(\.labels) == [["violin": true]])
        #expect(set.leftOut.map(\.problem) == ["/nowhere/set.csv:3: /etc/hostname does not exist"])
    }

    @Test("Damaged manifests are refused or left out line by line")
    func damaged() {
        var generator = SeededGenerator(21)
        let bytes = Array("audio,reference,labels\nin/a.wav,\"in/a.csv\",t.csv\n/etc/hostname,,\n".utf8)
        for _ in 0..<2000 {
            _ = try? EvaluationSet(manifest: mutated(bytes, using: &generator), path: "/nowhere/set.csv", vocabulary)
        }
    }
}
