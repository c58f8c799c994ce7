// The drawing of the live view, line by line.

import Events
import Testing

@testable import timbre

@Suite struct WatchViewTests {
    private let playing = state(
        after: hello, at(0, health(.running)), at(2, on("violin")), at(14, activity(["violin": 0.75, "drums": 0.1])))

    @Test("One row per instrument, the sounding one marked, health and latency in the foot")
    func plain() {
        let lines = WatchView(width: 50, height: nil, colour: false).lines(of: playing, stream: "main")
        #expect(
            lines == [
                " main  alsa:default                          0:14 ",
                "",
                "   flute  ···························· 0.00       ",
                "   cello  ···························· 0.00       ",
                " ● violin ████████████████████████▎··· 0.75  0:12 ",
                "   drums  ████████▉··················· 0.10       ",
                "",
                " running · peak -9 dBFS · latency 23 ms · first   ",
            ])
    }

    @Test("No row is wider than the terminal", arguments: [1, 12, 20, 30]) func slim(width: Int) {
        for line in WatchView(width: width, height: nil, colour: false).lines(of: playing, stream: "main").dropFirst() {
            #expect(line.count <= width, "\(line)")
        }
    }

    @Test("The foot names what the last seconds held, the most probable first, and only what is reported")
    func tags() {
        func tag(_ instrument: String, _ probability: Float) -> Tags.Tag {
            .init(
                instrument: instrument, family: "strings", probability: probability,
                attention: probability > 0.5 ? .init(time: 13, low: 125, high: 804) : nil)
        }
        var state = playing
        state.apply(
            at(15, .tags(Tags(start: 5, end: 14.6, tags: [tag("cello", 0.6), tag("drums", 0.4), tag("violin", 0.9)]))))
        let foot = WatchView(width: 90, height: nil, colour: false).lines(of: state, stream: "main").last
        #expect(foot?.hasPrefix(" running · recent tags violin, cello · peak -9 dBFS") == true)
        state.apply(at(16, health(.lost, "gone")))
        #expect(state.streams["main"]?.tags == [])
    }

    @Test("No line is wider than the terminal and none is too many, at any size")
    func sizes() {
        for width in stride(from: 8, through: 200, by: 7) {
            for height in 1...40 {
                let view = WatchView(width: width, height: height, colour: false)
                let lines = view.lines(of: playing, stream: "main")
                #expect(lines.count <= height)
                if width >= 24 { #expect(lines.allSatisfy { $0.count <= width }, "\(width) x \(height)") }
            }
        }
    }

    @Test("A low terminal gets two columns, a low and narrow one the loudest instruments")
    func low() {
        let wide = WatchView(width: 80, height: 6, colour: false).lines(of: playing, stream: "main")
        #expect(wide.contains { $0.contains("flute") && $0.contains("violin") })
        let narrow = WatchView(width: 40, height: 6, colour: false).lines(of: playing, stream: "main")
        #expect(narrow.contains { $0.contains("violin") } && narrow.contains { $0.contains("drums") })
        #expect(!narrow.contains { $0.contains("flute") })
    }

    @Test("Colour marks the family and adds nothing that is seen")
    func colour() {
        let view = WatchView(width: 50, height: nil, colour: true).lines(of: playing, stream: "main")
        let violin = view.first { $0.contains("violin") }
        #expect(violin?.hasPrefix("\u{1B}[1;38;5;209m ● violin") == true)
        #expect(violin?.hasSuffix("\u{1B}[0m") == true)
        #expect(violin?.replacing(/\u{1B}\[[0-9;]*m/, with: "").count == 50)
    }

    @Test("Before the first line and after the last the view says why it is empty")
    func trouble() {
        var state = WatchState()
        let view = WatchView(width: 60, height: nil, colour: false)
        #expect(view.lines(of: state, stream: "main").contains(" waiting for the daemon's first line"))
        state.trouble = "no daemon at /run/x"
        #expect(view.lines(of: state, stream: "main").last?.hasPrefix(" no daemon at /run/x") == true)
    }
}
