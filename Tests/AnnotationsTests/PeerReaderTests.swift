// What the writers write, the libraries that people use read.

import Foundation
import TestSupport
import Testing

@testable import Annotations

@Suite("Readers of others")
struct PeerReaderTests {
    /// What a script prints as JSON about the file whose path it gets.
    private func ask(_ script: String, _ format: ExportFormat, _ set: AnnotationSet) throws -> [[String]] {
        let file = FileManager.default.temporaryDirectory.appending(
            path: "export-\(UUID().uuidString).\(format.name)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(format.encode(set, about: Examples.subject)).write(to: file)
        let text = try PythonPeer.run("import json, sys\npath = sys.argv[1]\n" + script, arguments: [file.path])
        return try JSONDecoder().decode([[String]].self, from: Data(text.utf8))
    }

    private func rows(_ set: AnnotationSet, decimals: Int = 6) -> [[String]] {
        set.annotations.map { segment in
            [
                PlainText.fixed(segment.start, decimals: decimals), PlainText.fixed(segment.end, decimals: decimals),
                segment.instrument,
            ]
        }
    }

    @Test(
        "jams validates the file and finds every segment with its confidence, and the marks to the letter",
        .enabled(if: PythonPeer.isInstalled("jams"), "\(PythonPeer.reason)"))
    func jams() throws {
        let script = """
            import jams
            song = jams.load(path, validate=True, strict=True)
            assert song.validate(strict=True)
            rows = [[str(song.file_metadata.duration), song.file_metadata.title]]
            for segment in song.search(namespace='tag_open')[0]:
                rows.append(['%.6f' % segment.time, '%.6f' % (segment.time + segment.duration), segment.value, str(segment.confidence)])
            for mark in song.search(namespace='blob')[0]:
                rows.append(['%.6f' % mark.time, mark.value])
            print(json.dumps(rows))
            """
        #expect(
            try ask(script, .jams, Examples.set) == [
                ["10", "a song"], ["0.000000", "2.500000", "piano", "0.875"], ["1.250000", "4.000001", "violin", "1"],
                ["3.000000", "3.500000", "piano", "0"], ["7.123456", "10.000000", "drums", "None"],
                ["2.000000", "solo begins"], ["9.900000", Examples.nasty],
            ])
    }

    @Test(
        "mir_eval loads the labels of Audacity as intervals and CSV as columns",
        .enabled(if: PythonPeer.isInstalled("mir_eval"), "\(PythonPeer.reason)"))
    func intervals() throws {
        let set = Examples.random(seed: 3)
        let labels = """
            import mir_eval.io
            intervals, labels = mir_eval.io.load_labeled_intervals(path, delimiter='\\t')
            mir_eval.util.validate_intervals(intervals)
            print(json.dumps([['%.6f' % a, '%.6f' % b, label] for (a, b), label in zip(intervals.tolist(), labels)]))
            """
        #expect(try ask(labels, .audacity, set) == rows(set))
        let table = """
            import mir_eval.io
            columns = mir_eval.io.load_delimited(path, [str] * 4, delimiter=',')
            print(json.dumps([list(row[:3]) for row in zip(*columns)]))
            """
        #expect(try ask(table, .csv, set) == [["start", "end", "class"]] + rows(set))
        let regions = """
            import csv
            print(json.dumps([['%.6f' % float(t), '%.6f' % (float(t) + float(d)), label]
                              for t, value, d, label in csv.reader(open(path))]))
            """
        #expect(try ask(regions, .sonicVisualiser, set) == rows(set))
    }

    @Test(
        "pretty_midi finds an instrument for each with its name and program, notes right to a millisecond, and the marks",
        .enabled(if: PythonPeer.isInstalled("pretty_midi", "mido"), "\(PythonPeer.reason)"))
    func midi() throws {
        let script = """
            import pretty_midi, mido
            song = pretty_midi.PrettyMIDI(path, charset='utf8')
            rows = [[part.name, str(part.program), str(part.is_drum), '%.3f' % note.start, '%.3f' % note.end,
                     str(note.velocity)] for part in song.instruments for note in part.notes]
            for track in mido.MidiFile(path, charset='utf8').tracks:
                time = 0
                for event in track:
                    time += event.time
                    if event.type == 'marker': rows.append(['%.3f' % song.tick_to_time(time), event.text])
            rows.append(['%.3f' % mido.MidiFile(path, charset='utf8').length])
            print(json.dumps(rows))
            """
        #expect(
            try ask(script, .midi, Examples.set) == [
                ["drums", "0", "True", "7.123", "10.000", "100"], ["piano", "0", "False", "0.000", "2.500", "111"],
                ["piano", "0", "False", "3.000", "3.500", "1"], ["violin", "40", "False", "1.250", "4.000", "127"],
                ["2.000", "solo begins"],
                ["9.900", "a \"quote\", a tab, a line --> 00:01 <b>&amp;</b> Grüße 🎻"], ["10.000"],
            ])
    }

    @Test(
        "Twenty-two instruments at once stay apart, and the percussion channel stays the percussion's",
        .enabled(if: PythonPeer.isInstalled("pretty_midi"), "\(PythonPeer.reason)"))
    func manyInstruments() throws {
        let names = [
            "accordion", "banjo", "bass", "bassoon", "cello", "clarinet", "flute", "guitar", "horn",
            "mallet_percussion",
            "mandolin", "oboe", "organ", "piano", "saxophone", "synthesizer", "trombone", "trumpet", "ukulele", "viola",
            "violin", "voice",
        ]
        let set = AnnotationSet(names.map { Annotation(start: 1, end: 2, instrument: $0) }, duration: 3)
        let script = """
            import pretty_midi
            song = pretty_midi.PrettyMIDI(path)
            print(json.dumps([[part.name, str(part.is_drum), str(len(part.notes))] for part in song.instruments]))
            """
        #expect(try ask(script, .midi, set) == names.map { [$0, "False", "1"] })
    }

    @Test(
        "pyannote.database reads the RTTM as the annotation of one recording",
        .enabled(if: PythonPeer.isInstalled("pyannote.database"), "\(PythonPeer.reason)"))
    func rttm() throws {
        let set = Examples.random(seed: 5)
        let script = """
            from pyannote.database.util import load_rttm
            recordings = load_rttm(path)
            assert list(recordings) == ['a_song'], list(recordings)
            print(json.dumps([['%.6f' % turn.start, '%.6f' % turn.end, label]
                              for turn, _, label in recordings['a_song'].itertracks(yield_label=True)]))
            """
        let read = try ask(script, .rttm, set)
        #expect(Set(read) == Set(rows(set)) && read.count == set.annotations.count)
    }

    @Test(
        "webvtt-py reads the captions, and the marks come out of their escapes as they went in",
        .enabled(if: PythonPeer.isInstalled("webvtt"), "\(PythonPeer.reason)"))
    func webVTT() throws {
        let script = """
            import html, webvtt
            print(json.dumps([[cue.start, cue.end, html.unescape(cue.text)] for cue in webvtt.read(path)]))
            """
        let cues = try ask(script, .webVTT, Examples.set)
        #expect(cues.count == 8)
        #expect(cues[2] == ["00:00:02.000", "00:00:05.000", "[solo begins]"])
        #expect(
            cues.last == [
                "00:00:09.900", "00:00:12.900", "[a \"quote\", a tab, a line --> 00:01 <b>&amp;</b> Grüße 🎻]",
            ])
    }
}
