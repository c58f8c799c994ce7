// What the writers write, to the byte where a person will read it.

import Testing

@testable import Annotations

@Suite("Writers")
struct WriterTests {
    private func text(_ format: ExportFormat, _ set: AnnotationSet = Examples.set) -> String {
        String(decoding: format.encode(set, about: Examples.subject), as: UTF8.self)
    }

    @Test("CSV has a header, times to the microsecond, and columns only for what there is")
    func csv() {
        #expect(
            text(.csv) == """
                start,end,class,confidence
                0.000000,2.500000,piano,0.875
                1.250000,4.000001,violin,1.000
                3.000000,3.500000,piano,0.000
                7.123456,10.000000,drums,

                """)
        let odd = AnnotationSet([Annotation(start: 0, end: 1, instrument: "a \"b\", c\nd", pitch: 60)])
        #expect(text(.csv, odd) == "start,end,class,pitch\n0.000000,1.000000,\"a \"\"b\"\", c\nd\",60\n")
        #expect(text(.csv, AnnotationSet()) == "start,end,class\n")
    }

    @Test("Audacity labels are lines of start, end and text, and marks are points on one line each")
    func audacity() {
        #expect(
            text(.audacity) == """
                0.000000\t2.500000\tpiano
                1.250000\t4.000001\tviolin
                2.000000\t2.000000\tsolo begins
                3.000000\t3.500000\tpiano
                7.123456\t10.000000\tdrums
                9.900000\t9.900000\ta "quote", a tab, a line --> 00:01 <b>&amp;</b> Grüße 🎻

                """)
    }

    @Test("A region layer of Sonic Visualiser gives every instrument a height of its own")
    func sonicVisualiser() {
        #expect(
            text(.sonicVisualiser) == """
                0.000000,2,2.500000,piano
                1.250000,3,2.750001,violin
                3.000000,2,0.500000,piano
                7.123456,1,2.876544,drums

                """)
    }

    @Test("RTTM has ten fields a line, whatever the names are")
    func rttm() {
        let odd = AnnotationSet([Annotation(start: 0, end: 1, instrument: " a\tb \"c\" ")])
        #expect(text(.rttm, odd) == "SPEAKER a_song 1 0.000000 1.000000 <NA> <NA> a_b_'c' <NA> <NA>\n")
        #expect(text(.rttm).hasPrefix("SPEAKER a_song 1 0.000000 2.500000 <NA> <NA> piano 0.875 <NA>\n"))
    }

    @Test("WebVTT says once what sounds, and shows a mark for three seconds or until the next")
    func webVTT() {
        #expect(
            text(.webVTT) == """
                WEBVTT

                00:00:00.000 --> 00:00:01.250
                ♪ piano

                00:00:01.250 --> 00:00:02.500
                ♪ piano, violin

                00:00:02.000 --> 00:00:05.000
                [solo begins]

                00:00:02.500 --> 00:00:03.000
                ♪ violin

                00:00:03.000 --> 00:00:03.500
                ♪ piano, violin

                00:00:03.500 --> 00:00:04.000
                ♪ violin

                00:00:07.123 --> 00:00:10.000
                ♪ drums

                00:00:09.900 --> 00:00:12.900
                [a "quote", a tab, a line --&gt; 00:01 &lt;b&gt;&amp;amp;&lt;/b&gt; Grüße 🎻]

                """)
        let long = AnnotationSet([Annotation(start: 359_999.9996, end: 360_001, instrument: "organ")])
        #expect(text(.webVTT, long).contains("100:00:00.000 --> 100:00:01.000\n"))
    }

    @Test("Text is one line without control characters wherever a format has no escape")
    func nasty() {
        for format in [ExportFormat.audacity, .webVTT, .rttm, .sonicVisualiser] {
            let set = AnnotationSet(
                [Annotation(start: 0, end: 1, instrument: Examples.nasty)],
                marks: [.init(time: 0.5, text: Examples.nasty)], duration: 1)
            for scalar in text(format, set).unicodeScalars where scalar != "\n" && scalar != "\t" {
                #expect(scalar.properties.generalCategory != .control, "\(format)")
            }
        }
    }
}
