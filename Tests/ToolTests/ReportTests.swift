// `timbre report`, with the page seen by a real browser.

import Foundation
import SceneFixtures
import Testing

@testable import timbre

@Suite struct ReportTests {
    /// Two instruments in three seconds.
    private static func recording(_ scene: Scene, _ name: String = "two tones.wav") throws -> String {
        try scene.wave(name, Scene.tones([(.cello, 0.5, 1.2), (.horn, 1.6, 2.4)], seconds: 3))
    }

    private static func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

    @Test("The sound is in the page, linked where a person wants it so, and its address is right from any folder")
    func sound() throws {
        let scene = try Scene()
        let file = try Self.recording(scene)
        let page = scene.folder.appending(path: "page.html")
        let embedded = try timbre("report", "-m", scene.model, file, "-o", page.path)
        #expect(embedded.status == 0 && embedded.text.hasSuffix("page.html shows two tones\n"))
        #expect(try Self.text(page).contains("src=\"data:audio/wav;base64,UklGR"))
        #expect(try timbre("report", "-m", scene.model, file, "--link", "-o", page.path).status == 0)
        #expect(try Self.text(page).contains("src=\"two%20tones.wav\""))
        #expect(ReportSound.address(of: "/a/b/ü.flac", from: "/a/c/d/p.html") == "../../b/%C3%BC.flac")
        #expect(ReportSound.address(of: "/a/b.flac", from: "/a/p.html") == "b.flac")
        #expect(try timbre("report", file, "--link", "--embed").status == 64)
    }

    @Test("A report of saved events is that of their recording")
    func saved() throws {
        let scene = try Scene()
        let file = try Self.recording(scene)
        let events = scene.folder.appending(path: "two tones.jsonl")
        try Data(try timbre("replay", "-m", scene.model, "-a", "10", file).text.utf8).write(to: events)
        let (a, b) = (scene.folder.appending(path: "a.html"), scene.folder.appending(path: "b.html"))
        #expect(try timbre("report", "-m", scene.model, file, "-o", a.path).status == 0)
        #expect(try timbre("report", events.path, "--audio", file, "-o", b.path).status == 0)
        #expect(try Self.text(a) == Self.text(b))
    }

    @Test("Pictures alone make no page, and what cannot be written is said")
    func pictures() throws {
        let scene = try Scene()
        let file = try Self.recording(scene)
        let picture = scene.folder.appending(path: "t.svg")
        #expect(try timbre("report", "-m", scene.model, file, "--svg", picture.path).text == "")
        #expect(try Self.text(picture).contains(">cello</text>"))
        let refused = try timbre("report", "-m", scene.model, file, "-o", "/no/such/folder/page.html")
        #expect(
            refused.status == 74 && refused.text.contains("/no/such/folder/page.html: cannot be written: No such file"))
        #expect(try timbre("report", "/no/such.flac").status == 66)
        let without = try timbre(
            "report", "-m", scene.model, file, "--png", picture.path + ".png", environment: ["PATH": "/no/such"])
        #expect(without.status == 69 && without.text.contains("librsvg2-bin"), "\(without.text)")
    }

    @Test(
        "The timeline as PNG is three pixels a unit",
        .enabled(if: hasProgram("rsvg-convert"), "rsvg-convert is not installed: install librsvg2-bin"))
    func png() throws {
        let scene = try Scene()
        let file = scene.folder.appending(path: "t.png")
        #expect(try timbre("report", "-m", scene.model, try Self.recording(scene), "--png", file.path).status == 0)
        let bytes = try Data(contentsOf: file)
        #expect(Array(bytes.prefix(8)) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(bytes[16..<20].reduce(0) { $0 << 8 | Int($1) } == 2700)
    }

    @Test(
        "A browser shows the rows, finds no fault, knows the sound's length, seeks to a segment and names what sounds there",
        .enabled(if: Browser.isInstalled, "\(Browser.reason)"))
    func browser() throws {
        let scene = try Scene()
        let page = scene.folder.appending(path: "page.html")
        #expect(try timbre("report", "-m", scene.model, try Self.recording(scene), "-o", page.path).status == 0)
        // A person's doings, at the moment when the page is there. Loading waits for the sound's first data.
        let person = """
            <script>
            addEventListener("load", () => {
              const audio = document.querySelector("audio"), told = document.documentElement.dataset;
              const state = () => [document.querySelector(".clock").textContent,
                document.querySelector(".sounding").textContent, audio.currentTime.toFixed(1)].join(" ");
              const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
              told.duration = audio.duration.toFixed(2);
              document.querySelectorAll("tbody button.seek")[1].click();
              told.clicked = state();
              press("Home");
              told.home = state();
              press("ArrowRight");
              told.right = state();
              press("+");
              told.zoomed = document.querySelector(".plot").style.width;
            });
            </script></body>
            """
        let altered = scene.folder.appending(path: "altered.html")
        try Data(try Self.text(page).split(separator: "</body>").joined(separator: person).utf8).write(to: altered)
        let (document, console) = try Browser.load(altered)
        #expect(console.isEmpty, "\(console)")
        #expect(document.contains("data-state=\"ready\""), "\(document.prefix(2000))")
        #expect(document.contains("data-duration=\"3.00\""))
        #expect(document.contains("data-home=\"0:00.0  0.0\"") && document.contains("data-right=\"0:03.0  3.0\""))
        let clicked = try #require(document.firstMatch(of: /data-clicked="0:0([0-9.]+) (cello|horn) ([0-9.]+)"/))
        #expect(clicked.1 == clicked.3)
        for row in ["cello", "horn"] { #expect(document.contains("<span>\(row)</span>")) }
        #expect(document.matches(of: /<rect class="bar"/).count >= 2)
    }

    @Test(
        "On a narrow screen the tables scroll, and the page is not wider than the screen",
        .enabled(if: Browser.isInstalled, "\(Browser.reason)"))
    func narrow() throws {
        let scene = try Scene()
        let page = scene.folder.appending(path: "page.html")
        #expect(try timbre("report", "-m", scene.model, try Self.recording(scene), "-o", page.path).status == 0)
        let ask = """
            <script>addEventListener("load", () => {
              for (const each of document.querySelectorAll("details")) each.open = true;
              const root = document.documentElement;
              root.dataset.fits = root.scrollWidth <= innerWidth;
            });</script></body>
            """
        try Data(try Self.text(page).split(separator: "</body>").joined(separator: ask).utf8).write(to: page)
        #expect(try Browser.load(page, width: 360).document.contains("data-fits=\"true\""))
    }

    @Test(
        "The page is dark where the reader's system is, light where it is not, and can be drawn",
        .enabled(if: Browser.isInstalled, "\(Browser.reason)"))
    func dark() throws {
        let scene = try Scene()
        let page = scene.folder.appending(path: "page.html")
        #expect(try timbre("report", "-m", scene.model, try Self.recording(scene), "-o", page.path).status == 0)
        let picture = try Browser.picture(of: page)
        #expect(picture.count > 10_000)
        #expect(picture[16..<24] == [0, 0, 4, 0xB0, 0, 0, 3, 0x84], "1200 by 900")
        let ask = """
            <script>addEventListener("load", () => {
              document.documentElement.dataset.ground = getComputedStyle(document.body).backgroundColor;
            });</script></body>
            """
        try Data(try Self.text(page).split(separator: "</body>").joined(separator: ask).utf8).write(to: page)
        #expect(try Browser.load(page, isDark: false).document.contains("data-ground=\"rgb(255, 254, 251)\""))
        #expect(try Browser.load(page, isDark: true).document.contains("data-ground=\"rgb(23, 22, 20)\""))
    }
}
