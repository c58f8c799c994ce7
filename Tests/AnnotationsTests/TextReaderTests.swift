// The line-based formats: what they say is read, and what is wrong is named with its line.

import Testing

@testable import Annotations

@Suite("Readers of text") struct TextReaderTests {
    @Test("A table is read with its header in any order, or without one, quotes and a byte order mark included")
    func table() throws {
        let wanted = [
            Annotation(start: 0.5, end: 2, instrument: "violin"), Annotation(start: 1, end: 3, instrument: "cello"),
        ]
        #expect(try read(.csv, "start,end,class\n1,3,cello\n0.5,2,violin\n").set.annotations == wanted)
        #expect(
            try read(.csv, "\u{FEFF}event_label,offset,onset\r\n\"cello\",3,1\r\n Violin ,2,.5\r\n").set.annotations
                == wanted)
        #expect(try read(.csv, "1,3,cello\n0.5,2,violin").set.annotations == wanted)
        #expect(try read(.csv, "start,end,class\n").set.annotations.isEmpty)
        let full = try read(.csv, "start,end,class,confidence,pitch\n0,1,mallet percussion,0.75,60\n").set.annotations
        #expect(full == [Annotation(start: 0, end: 1, instrument: "mallet_percussion", confidence: 0.75, pitch: 60)])
    }

    @Test(
        "What is wrong in a table is named with file, line and remedy",
        arguments: [
            ("start,end,class\n0,1,violin\n0,1,vilin\n", "x:3: unknown class \"vilin\": did you mean violin?"),
            (
                "start,end,class\n2,1,violin\n",
                "x:2: the times are out of order: it ends at 1.0 s, before it starts at 2.0 s"
            ),
            (
                "start,end,class\n\n-1,1,violin\n",
                "x:3: it starts at -1.0 s: times count from 0, the beginning of the audio"
            ),
            ("start,end,class\n0,nan,violin\n", "x:2: the times must be finite numbers of seconds"),
            ("start,end,class\n0,1\n", "x:2: the row has 2 fields: expected start, end and class"),
            ("start,end,class\n0,one,violin\n", "x:2: start and end must be numbers of seconds"),
            ("start,end,class\n0,1,\"violin\n", "x:2: unbalanced quotes"),
            ("begin,end,what\n", "x:1: the header must name the columns start, end and class"),
            ("", "x:1: the file is empty: a table without rows requires the header start,end,class"),
        ])
    func tableErrors(text: String, wanted: String) {
        #expect(objection(.csv, text) == wanted)
    }

    @Test("A reference may pass the end of its audio by what encoders cut, and no more")
    func end() throws {
        #expect(try read(.csv, "0,10.09,violin").set.annotations.first?.end == 10)
        // What has no audio at all was not missed by anybody.
        #expect(try read(.csv, "0,1,violin\n10.02,10.05,cello").set.annotations.map(\.instrument) == ["violin"])
        #expect(
            objection(.csv, "0,1,violin\n9,10.2,violin")
                == "x:2: it ends at 10.2 s, beyond the end of the audio at 10.0 s: is this the reference of another recording?"
        )
        #expect(try read(.csv, "0,99,violin", duration: nil).set.annotations.first?.end == 99)
    }

    @Test("Labels of Audacity are stretches, its points are marks, its frequencies are passed over")
    func audacity() throws {
        let set = try read(.audacity, "0,5\t2.0\tviolin\n\\\t100\t200\n3.0\t3.0\tsolo begins\n4\t5\tvoice\n").set
        #expect(set.annotations.map(\.instrument) == ["violin", "voice"] && set.annotations[0].start == 0.5)
        #expect(set.marks == [.init(time: 3, text: "solo begins")])
        #expect(
            objection(.audacity, "0\t1\tviolin\n1\t2\tvoise\n") == "x:2: unknown class \"voise\": did you mean voice?")
        #expect(objection(.audacity, "0 1 violin\n") == "x:1: expected start, end and a label with tabs between them")
        #expect(try read(.audacity, "").set.annotations.isEmpty)
    }

    @Test("Of RTTM the speakers are read, of several recordings the one that is asked for")
    func rttm() throws {
        let line = "SPEAKER x 1 1.5 2.0 <NA> <NA> violin 0.9 <NA>\n"
        #expect(
            try read(.rttm, ";; a comment\n" + line).set.annotations
                == [Annotation(start: 1.5, end: 3.5, instrument: "violin", confidence: 0.9)])
        #expect(try read(.rttm, line + "SPEAKER y 1 0 1 <NA> <NA> cello <NA> <NA>\n").set.instruments == ["violin"])
        #expect(
            objection(.rttm, line + "SPEAKER x 1 2 -1 <NA> <NA> violin\n")?.hasPrefix("x:2: the times are out of order")
                == true)
        #expect(objection(.rttm, "SPEAKER x 1 2\n")?.hasPrefix("x:1: expected SPEAKER, file, channel") == true)
        #expect(objection(.rttm, "1 2 violin\n") == "x:1: no line begins with SPEAKER: this is not an RTTM file")
    }

    @Test("MusicNet counts in samples and in programs from 1; what is none of the classes is passed over")
    func musicNet() throws {
        let head = "start_time,end_time,instrument,note,start_beat,end_beat,note_value\n"
        let text = head + "44100,88200,41,60,0,1,Quarter\n0,22050,1,48,0,1,Half\n0,22050,7,50,0,1,Half\n"
        #expect(ReferenceFormat(path: "1.csv", bytes: Array(text.utf8)) == .musicNet)
        #expect(
            try read(.musicNet, text).set.annotations == [
                Annotation(start: 0, end: 0.5, instrument: "piano", pitch: 48),
                Annotation(start: 1, end: 2, instrument: "violin", pitch: 60),
            ])
        #expect(
            objection(.musicNet, head + "0,1,0,60,0,1,x\n")?.hasPrefix("x:2: expected two times in samples") == true)
        #expect(
            objection(.musicNet, head + "0,4410000,41,60,0,1,x\n")?.hasPrefix("x:2: it ends at 100.0 s, beyond") == true
        )
    }

    @Test("The format follows the ending of the name")
    func formats() {
        let endings = [
            "a.csv": ReferenceFormat.csv, "b.JAMS": .jams, "c.txt": .audacity, "d.rttm": .rttm, "e.mid": .midi,
        ]
        for (path, format) in endings { #expect(ReferenceFormat(path: path, bytes: []) == format) }
        #expect(ReferenceFormat(path: "f.doc", bytes: []) == nil)
    }
}
