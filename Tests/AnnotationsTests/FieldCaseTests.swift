// References as the field has them, each named after the case that was misread or refused.

import Foundation
import Testing

@testable import Annotations

@Suite("References of the field") struct FieldCaseTests {
    private let mark = "\u{FEFF}"

    @Test("audacity-trailing-space: spaces around a label and its times do not matter")
    func audacityTrailingSpace() throws {
        let set = try read(
            .audacity, "0.2\t1.8\ttrumpet \n 2 \t 3 \t Mallet-Percussion\n".replacing("trumpet", with: "violin")
        ).set
        #expect(set.annotations.map(\.instrument) == ["violin", "mallet_percussion"])
    }

    @Test("csv-filename-column: only the rows of the recording are read, and a table of others is refused")
    func csvFilenameColumn() throws {
        let head = "filename,onset,offset,event_label\n"
        let rows = head + "x.wav,0.2,1.8,violin\nother/y.wav,0.2,1.8,cello\n"
        #expect(try read(.csv, rows).set.annotations == [Annotation(start: 0.2, end: 1.8, instrument: "violin")])
        #expect(
            objection(.csv, head + "y.wav,0,1,cello\nz.wav,0,1,cello\n")
                == "x:1: no row belongs to this recording, x: the table belongs to y and 1 more")
        // As DESED writes a recording in which nothing sounds.
        #expect(try read(.csv, head + "y.wav,0,1,cello\nx.wav,,,\n").set.annotations.isEmpty)
        #expect(try read(.csv, head).set.annotations.isEmpty)
    }

    @Test(
        "csv-filename-column: other names of the column are known, in any case",
        arguments: ["Track", "fname", "clip", "AUDIO_FILE", "file_name", "audio_filename", "recording"])
    func csvFilenameColumnByOtherNames(name: String) throws {
        let rows = "\(name),start,end,class\nx.wav,0.2,1.8,violin\ny.wav,0.2,1.8,cello\n"
        #expect(try read(.csv, rows).set.instruments == ["violin"])
    }

    @Test("csv-filename-column: a column that names files goes before one that may number them")
    func csvFilenameColumnBesideTracks() throws {
        let rows = "track,filename,start,end,class\n1,x.wav,0.2,1.8,violin\n2,x.wav,0.2,1.8,cello\n"
        #expect(try read(.csv, rows).set.annotations.count == 2)
    }

    @Test("csv-seconds-with-note: a table with times in seconds and a column of notes is no MusicNet")
    func csvSecondsWithNote() throws {
        for head in ["start_time,end_time,label,note", "start_time,end_time,label,notes"] {
            let text = head + "\n0.2,1.8,violin,60\n"
            let format = try #require(ReferenceFormat(path: "a.csv", bytes: Array(text.utf8)))
            #expect(format == .csv)
            let annotations = try read(format, text).set.annotations
            #expect(annotations.map(\.instrument) == ["violin"] && annotations[0].end == 1.8)
        }
    }

    @Test("rttm-none-of-this-recording: spaces are _ as our own export writes them; a file of others is refused")
    func rttmNoneOfThisRecording() throws {
        func line(_ file: String, _ name: String) -> String {
            "SPEAKER \(file) 1 0.2 1.6 <NA> <NA> \(name) <NA> <NA>\n"
        }
        var context = context("x")
        context.recording = "my song"
        let both = Array((line("my_song", "violin") + line("other", "cello")).utf8)
        #expect(try ReferenceFormat.rttm.read(both, context).set.instruments == ["violin"])
        #expect(
            objection(.rttm, line("a", "violin") + line("b", "cello"))
                == "x:1: no line belongs to this recording, x: the file belongs to a and 1 more")
        // A line without a file before them.
        #expect(
            objection(.rttm, "SPEAKER\n" + line("a", "violin") + line("b", "cello"))?.hasPrefix("x:1: no line") == true)
    }

    @Test("jams-structure-beside-instruments: structure, genre and street sounds are passed over")
    func jamsStructureBesideInstruments() throws {
        func section(_ space: String, _ value: String) -> String {
            "{\"namespace\":\"\(space)\",\"data\":[{\"time\":0.2,\"duration\":1.6,\"value\":\"\(value)\",\"confidence\":null}]}"
        }
        let others = ["segment_salami_function", "segment_salami_upper", "segment_tut", "tag_gtzan", "tag_fma_genre"]
        let sections = others.map { section($0, "Verse") } + [section("tag_open", "violin")]
        let text = "{\"annotations\":[\(sections.joined(separator: ","))]}"
        #expect(try read(.jams, text).set.instruments == ["violin"])
        #expect(
            objection(.jams, "{\"annotations\":[\(section("tag_gtzan", "jazz"))]}")?.contains(
                "no annotation of instruments")
                == true)
    }

    @Test("jams-without-length: a tag at 0 without length is the whole recording, at times that nobody gives")
    func jamsWithoutLength() throws {
        let reference = try read(
            .jams,
            """
            {"annotations":[{"namespace":"tag_open","data":[{"time":0,"duration":0,"value":"violin","confidence":1},
            {"time":1,"duration":2,"value":"cello","confidence":1}]}]}
            """)
        #expect(reference.present == ["violin"] && reference.set.instruments == ["cello"])
    }

    @Test("JAMS with NaN, as the field's own library writes it, is read; NaN as a time is refused by name")
    func jamsNotANumber() throws {
        func text(_ time: String) -> String {
            "{\"annotations\":[{\"namespace\":\"tag_open\",\"data\":[{\"time\":\(time),\"duration\":1,\"value\":\"violin\","
                + "\"confidence\":NaN}],\"sandbox\":{\"low\":-Infinity,\"high\":Infinity}}]}"
        }
        #expect(try read(.jams, text("0")).set.annotations == [Annotation(start: 0, end: 1, instrument: "violin")])
        #expect(objection(.jams, text("NaN")) == "x: annotations[0].data[0]: time and duration must be numbers")
        #expect(objection(.jams, text("Nan"))?.contains("not valid JSON") == true)
    }

    @Test(
        "manifest-bom: a byte order mark before any reference is none of its text", arguments: ReferenceFormat.allCases)
    func byteOrderMark(format: ReferenceFormat) throws {
        let texts: [ReferenceFormat: String] = [
            .csv: "0,1,violin\n", .musicNet: "start_time,end_time,instrument,note\n0,44100,41,60\n",
            .jams:
                "{\"annotations\":[{\"namespace\":\"tag_open\",\"data\":[{\"time\":0,\"duration\":1,\"value\":\"violin\"}]}]}",
            .audacity: "0\t1\tviolin\n", .rttm: "SPEAKER x 1 0 1 <NA> <NA> violin <NA> <NA>\n",
        ]
        guard let text = texts[format] else {
            #expect(format == .midi)
            return
        }
        #expect(try read(format, mark + text).set.instruments == ["violin"])
        if format == .musicNet {
            #expect(ReferenceFormat(path: "a.csv", bytes: Array((mark + text).utf8)) == .musicNet)
        }
    }

    @Test("midi-bytes-after-last-track: what follows the tracks that the header counts does not matter")
    func midiBytesAfterLastTrack() throws {
        let track: [UInt8] = [0x00, 0xC0, 40, 0x00, 0x90, 60, 1, 0x83, 0x60, 0x80, 60, 0, 0x00, 0xFF, 0x2F, 0x00]
        let file = MIDIReaderTests.file([track])
        for extra in [[1, 2, 3], Array("MTrk".utf8), Array("TAG of some program".utf8)] as [[UInt8]] {
            #expect(try ReferenceFormat.midi.read(file + extra, context("x.mid")).set.instruments == ["violin"])
        }
        // One track too few is no whole file, wherever it ends.
        var short = file
        short[11] = 2
        #expect(throws: AnnotationsError.self) { try ReferenceFormat.midi.read(short, context("x.mid")) }
    }

    @Test("midi-own-export: what is exported with any number of instruments is read back with each of them")
    func midiOwnExport() throws {
        // Mandolin and ukulele have no program of their own and come back as guitars.
        let names = [
            "accordion", "banjo", "bass", "bassoon", "cello", "clarinet", "cymbals", "drums", "flute", "guitar", "horn",
            "mallet_percussion", "oboe", "organ", "piano", "saxophone", "synthesizer", "trombone", "trumpet", "viola",
            "violin", "voice",
        ]
        let written = names.enumerated().map { index, name in
            Annotation(start: Double(index), end: Double(index) + 0.5, instrument: name)
        }
        let bytes = ExportFormat.midi.encode(
            AnnotationSet(written, duration: 30), about: .init(title: "x", software: "timbred"))
        let context = ReadingContext(file: "x.mid", vocabulary: Vocabulary(names), duration: 30)
        let read = try ReferenceFormat.midi.read(bytes, context).set.annotations
        #expect(
            Dictionary(grouping: read, by: \.instrument).mapValues { $0.map(\.start) }
                == Dictionary(grouping: written, by: \.instrument).mapValues { $0.map(\.start) })
    }

    @Test("export-over-restart: a log of two runs is refused with its line; one of a reconnection is read")
    func exportOverRestart() throws {
        let hello = """
            {"seq":1,"type":"hello","protocol":1,"software":"timbred","stream":"main","source":"tone:440","rate":44100,\
            "hop":512,"classes":["cello","violin"],"families":{"cello":"strings","violin":"strings"},"model":null,\
            "latency_ms":0,"streams":["main"]}
            """
        func on(_ t: Double, _ name: String) -> String {
            "{\"seq\":3,\"type\":\"on\",\"stream\":\"main\",\"t\":\(t),\"frame\":\(Int(t * 44_100)),\"instrument\":\"\(name)\","
                + "\"family\":\"strings\",\"confidence\":0.8}"
        }
        func log(_ lines: [String]) throws -> EventLog {
            let path = "\(NSTemporaryDirectory())restart-\(UUID().uuidString).jsonl"
            try Data((mark + lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
            defer { unlink(path) }
            var log = EventLog()
            do throws(AnnotationsError) {
                _ = try log.read(path: path)
            } catch {
                guard case .line(_, let line, let problem) = error else { throw error }
                throw AnnotationsError.line(file: "log", line: line, problem: problem)
            }
            return log
        }
        #expect(try log([hello, on(1, "cello"), hello, on(2, "violin")]).entries.count == 2)
        // The log of a bridge tells the state of the new daemon at the last time it knows.
        let state = """
            {"seq":4,"type":"health","stream":"main","t":1,"frame":44100,"state":"running","source":"tone:440","message":""}
            """
        #expect(try log([hello, on(1, "cello"), hello, state, on(2, "violin")]).entries.count == 3)
        for (line, between) in [(4, []), (5, [state])] as [(Int, [String])] {
            #expect {
                try log([hello, on(1, "cello"), hello] + between + [on(0.5, "violin")])
            } throws: { error in
                let text = "\(error)"
                return text.hasPrefix("log:\(line): the time goes back from 1.0 s to 0.5 s")
                    && text.contains("two runs")
            }
        }
    }

    @Test("fifo-hang: a FIFO in place of a log is refused at once")
    func pipe() throws {
        let path = "\(NSTemporaryDirectory())log-\(UUID().uuidString).jsonl"
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        var log = EventLog()
        #expect(throws: AnnotationsError.unreadable(file: path, detail: "it is not a regular file")) {
            _ = try log.read(path: path)
        }
    }
}
