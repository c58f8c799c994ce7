// The page and the picture as text.

import Foundation
import FoundationXML
import Testing

@testable import Reports

@Suite("Report page")
struct ReportPageTests {
    @Test("what strangers wrote stays text, in the page, its script and the picture")
    func escapes() throws {
        let content = try ReportExamples.content()
        let page = ReportPage.html(content)
        #expect(!page.contains("<script>alert"))
        #expect(page.components(separatedBy: "</script>").count == 3)
        #expect(
            page.contains(
                "&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &lt;b&gt;&#39;&amp;amp;&#39;"))
        #expect(!TimelinePicture.svg(content).contains("<script"))
    }

    @Test("the page loads nothing from anywhere")
    func selfContained() throws {
        var content = try ReportExamples.content()
        content.audio = .embedded(address: "data:audio/flac;base64,AAAA")
        let page = ReportPage.html(content)
        #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("//"))
        for match in page.matches(of: /(?:src|href)="([^"]*)"/) { #expect(match.1.hasPrefix("data:")) }
    }

    @Test("there is a row for each instrument, a bar for each segment, a line for each mark and gap, in every stream")
    func rows() throws {
        for streams in [["main"], ["desk.1", "desk.2"]] {
            let page = ReportPage.html(try ReportExamples.content(streams: streams))
            func count(_ text: String) -> Int { page.components(separatedBy: text).count - 1 }
            #expect(count("<rect class=\"bar\"") == 3 * streams.count)
            #expect(count("<div class=\"mark\"") == streams.count && count("<div class=\"gap\"") == streams.count)
            #expect(count("<svg class=\"lane row f-strings\"") == 2 * streams.count, "activity and tags")
            #expect(count("<svg class=\"lane attention\"") == streams.count)
            #expect(count("<div class=\"label ") == count("class=\"lane "), "every lane has its label")
            #expect(count("<td><span class=\"swatch\"></span>cello</td>") == 3 * streams.count)
            #expect(page.contains("Not detected: piano."))
        }
        #expect(ReportPage.html(try ReportExamples.content(streams: ["a", "b"])).contains("b: cello"))
    }

    @Test("the picture is well-formed SVG with a bar for each segment")
    func picture() throws {
        final class Counter: NSObject, XMLParserDelegate {
            var bars = 0
            var texts: [String] = []
            func parser(
                _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
                attributes: [String: String]
            ) {
                if name == "rect", attributes["height"] == "3" { bars += 1 }
            }
            func parser(_ parser: XMLParser, foundCharacters text: String) { texts.append(text) }
        }
        let parser = XMLParser(data: Data(TimelinePicture.svg(try ReportExamples.content()).utf8))
        let counter = Counter()
        parser.delegate = counter
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(counter.texts.contains("cello") && counter.texts.contains("flute") && counter.bars == 3)
    }

    @Test("a name is found in whatever normal form it is written and asked for") func normalForms() {
        let page = SummaryPage.html([], title: "")
        #expect(page.contains("search.value.normalize(\"NFC\")") && page.contains("text.normalize(\"NFC\").includes"))
    }

    @Test("nothing heard is a page and a picture too")
    func empty() {
        let content = ReportContent(title: "", end: 0, streams: [])
        #expect(ReportPage.html(content).contains("No instrument was detected in 1.0 s."))
        #expect(TimelinePicture.svg(content).hasPrefix("<svg "))
    }
}
