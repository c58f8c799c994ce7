// `timbre report`: creates a page with the results, and the timeline as a picture.

import Annotations
import AudioFiles
import AudioInput
import CommandLine
import Evaluation
import Events
import Reports

extension Command {
    static let report = Command(
        Verb(
            "report", summary: "write an HTML page with a timeline of the detections and the audio",
            discussion: [
                "INPUT is the folder of a recorded session, a file of events written by 'timbre replay' or "
                    + "'timbre listen' (its name ends in .jsonl), or an audio file, which is replayed first.",
                "For a folder written by 'timbre annotate' the page lists all recordings and can be searched.",
                "The page is a single HTML file without external resources. Audio of at most 16 MiB is embedded "
                    + "in the page; larger audio is linked by its path relative to the page. Without --out the page "
                    + "is report.html; with only --svg or --png no page is written.",
            ],
            options: [
                Option("out", short: "o", .file, help: "write the page to this file (default: report.html)"),
                Option("svg", .file, help: "write the timeline as an SVG picture to this file"),
                Option(
                    "png", .file,
                    help: "write the timeline as a PNG picture; requires rsvg-convert (package librsvg2-bin)"),
                Option("audio", .file, help: "the audio that belongs to a file of events"),
                Option("embed", help: "embed the audio regardless of its size"),
                Option("link", help: "link the audio regardless of its size"),
                Option("stream", short: "s", .text("NAME"), help: "show only this stream"),
                .model, .config,
                Option(
                    "channels", .text("CHANNELS"), help: "mix (default), each as a stream, or one channel by number"),
                Option("quiet", short: "q", help: "do not show progress"),
            ],
            operands: [
                Operand("INPUT", .file, help: "a session, a file of events, an audio file or an annotated folder")
            ])
    ) { arguments throws(Failure) in
        if arguments.flag("embed"), arguments.flag("link") {
            throw Failure("--embed and --link exclude each other", .usage)
        }
        if let summaries = try annotated(arguments) {
            let page = arguments.text("out") ?? "report.html"
            let title = Detections.title(ofFolder: arguments.operands[0])
            try Output.file(Array(SummaryPage.html(summaries, title: title).utf8), to: page)
            Output.complain("timbre: \(page) shows \(summaries.count) recordings")
            return
        }
        let wantsPictures = arguments.text("svg") != nil || arguments.text("png") != nil
        let page = arguments.text("out") ?? (wantsPictures ? nil : "report.html")
        let content = try content(arguments, page: page)
        if let page {
            try Output.file(Array(ReportPage.html(content).utf8), to: page)
            Output.complain("timbre: \(page) shows \(content.title)")
        }
        guard wantsPictures else { return }
        let picture = TimelinePicture.svg(content)
        if let path = arguments.text("svg") { try Output.file(Array(picture.utf8), to: path) }
        if let path = arguments.text("png") { try Output.file(try Rasterizer.png(picture), to: path) }
    }

    /// Returns the recordings of a folder with results of `timbre annotate`; nil for every other input.
    private static func annotated(_ arguments: Arguments) throws(Failure) -> [RecordingSummary]? {
        let folder = arguments.operands[0]
        guard FileContent.isFolder(folder), !FileContent.exists(folder + "/session.json") else { return nil }
        let summaries = try AnnotatedFolder.summaries(in: folder)
        guard !summaries.isEmpty else {
            throw Failure("\(folder): it contains neither session.json nor results of 'timbre annotate'", .data)
        }
        if let option = ["svg", "png", "audio", "stream"].first(where: { arguments.text($0) != nil }) {
            throw Failure("--\(option) applies to one recording; \(folder) contains \(summaries.count)", .usage)
        }
        for summary in summaries { Output.complain(summary.notices, about: summary.name) }
        return summaries
    }

    private static func content(_ arguments: Arguments, page: String?) throws(Failure) -> ReportContent {
        let input = arguments.operands[0]
        // Ten per second show every change; the full rate would need much memory for long recordings.
        let length = SourceSpecification.file(path: input).duration ?? 0
        let heard = try Detections(input, arguments, activityRate: min(10, 36_000 / max(1, length)))
        let names = try arguments.text("stream").map { name throws(Failure) in [try heard.stream(named: name)] }
        var sound = arguments.text("audio")
        if sound == nil { sound = try Self.sound(of: heard, stream: names?.first, input) }
        var waveform: Waveform?
        var audio: ReportContent.Audio?
        if let sound, page != nil {
            do throws(AudioFileError) {
                waveform = try Waveform(path: sound)
            } catch {
                throw Failure(error.description, .data)
            }
            let choice: ReportSound.Choice =
                arguments.flag("embed") ? .embed : arguments.flag("link") ? .link : .automatic
            audio = try ReportSound.audio(sound, page: page ?? "", choice)
        }
        let end = max(heard.duration, waveform?.duration ?? 0)
        return ReportContent(
            title: heard.title, facts: facts(heard), start: sound == nil ? heard.log.start : 0, end: end,
            streams: (names ?? heard.log.streams).map { StreamContent(heard.log, stream: $0, until: end) },
            waveform: waveform, audio: audio)
    }

    /// Returns the file whose sound the page has: that with the channel of the chosen stream, or else the loudest.
    private static func sound(of heard: Detections, stream: String?, _ input: String) throws(Failure) -> String? {
        guard heard.audioFiles.count > 1 else { return heard.audioFiles.first?.path }
        let channel = stream.flatMap { $0.split(separator: ".").last }.flatMap { Int($0) }
        var chosen = channel.flatMap { number in heard.audioFiles.first { $0.channels.contains(number) } }
        if chosen == nil {
            var highest: Float = -1
            for file in heard.audioFiles {
                do throws(AudioFileError) {
                    let peak = try Waveform(path: file.path)?.peak ?? 0
                    guard peak > highest else { continue }
                    (chosen, highest) = (file, peak)
                } catch {
                    throw Failure(error.description, .data)
                }
            }
        }
        if let chosen {
            Output.complain(
                "timbre: \(input): the page has the sound of channels \(chosen.channels.lowerBound) to "
                    + "\(chosen.channels.upperBound - 1), \(chosen.path), one of \(heard.audioFiles.count) files")
        }
        return chosen?.path
    }

    private static func facts(_ heard: Detections) -> [(term: String, text: String)] {
        var facts: [(String, String)] = []
        if let began = heard.began { facts.append(("recorded", "\(began)")) }
        if let source = heard.log.hello?.source, !source.hasPrefix("file:") { facts.append(("source", source)) }
        if let model = heard.log.hello?.model { facts.append(("model", "\(model.name) \(model.sha256.prefix(12))")) }
        facts.append(("software", heard.software))
        return facts
    }
}
