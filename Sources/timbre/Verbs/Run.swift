// `timbre run`: runs a single module, for diagnosis.

import AudioCore
import AudioInput
import CommandLine
import Features
import Models

extension Command {
    static let run = Command(
        Verb(
            "run", summary: "run one module alone, without the daemon and the modules that follow it",
            isHidden: true,
            discussion: [
                "source opens INPUT as the daemon does, reads it and prints what it delivers. front-end also "
                    + "computes the features; model also runs the network, without the gate, the smoothing and the "
                    + "thresholds that produce events.",
                "INPUT is a value of 'source' in a configuration. The run ends with the input, after --seconds, "
                    + "or with Ctrl-C.",
            ],
            options: [
                .model,
                Option(
                    "seconds", .number("SECONDS", 0.1...86_400), help: "stop after this many seconds of wall-clock time"
                ),
            ],
            operands: [
                Operand("MODULE", .choice(["source", "front-end", "model"]), help: "the module to run"),
                Operand("INPUT", .text("INPUT"), help: "the source of the audio"),
            ])
    ) { arguments throws(Failure) in
        var input = try ModuleInput(arguments.operands[1], seconds: arguments.number("seconds"))
        switch arguments.operands[0] {
        case "source": try source(&input)
        case "front-end": try frontEnd(&input, try ModelFile(at: arguments.text("model")))
        default: try model(&input, try ModelFile(at: arguments.text("model")))
        }
    }

    /// Prints the level of a source, one line for each second of audio.
    private static func source(_ input: inout ModuleInput) throws(Failure) {
        let format = input.format
        var (frames, peak): (Int, Float) = (0, 0)
        try input.read { block throws(Failure) in
            for sample in block { peak = max(peak, abs(sample)) }
            frames += block.count / format.channels
            guard frames / format.sampleRate > (frames - block.count / format.channels) / format.sampleRate else {
                return
            }
            try Output.line("\(seconds(frames, format.sampleRate))  peak \(decibels(peak)) dBFS")
            peak = 0
        }
        try Output.line(
            "\(frames) frames in \(input.reads) reads, \(input.empty) empty reads, \(input.losses) losses of "
                + "\(input.lost) frames")
    }

    /// Prints the bin with the highest level of each second.
    private static func frontEnd(_ input: inout ModuleInput, _ file: ModelFile) throws(Failure) {
        let configuration = file.description.frontEnd
        var sums = [Float](repeating: 0, count: configuration.bins)
        var hops = HopClock(configuration)
        try input.features(configuration) { frame throws(Failure) in
            for bin in sums.indices { sums[bin] += frame[bin] }
            guard hops.tick() else { return }
            let loudest = sums.indices.max { sums[$0] < sums[$1] } ?? 0
            let mean = sums[loudest] / Float(hops.period)
            try Output.line(
                "\(hops.text)  loudest \(fixed(configuration.frequency(ofBin: loudest), decimals: 1)) Hz at "
                    + fixed(Double(mean), decimals: 3))
            sums = sums.map { _ in 0 }
        }
        try Output.line(input.speed(hops.seconds))
    }

    /// Prints the mean activities of each second, the highest three.
    private static func model(_ input: inout ModuleInput, _ file: ModelFile) throws(Failure) {
        let model = FrameModel(file)
        let classes = model.classes
        var activities = [Float](repeating: 0, count: classes.count)
        var sums = activities
        var hops = HopClock(file.description.frontEnd)
        try input.features(file.description.frontEnd) { frame throws(Failure) in
            model.process(frame, frames: 1, into: &activities)
            for index in sums.indices { sums[index] += activities[index] }
            guard hops.tick() else { return }
            let best = sums.indices.sorted { sums[$0] > sums[$1] }.prefix(3).map { index in
                "\(classes[index].rawValue) \(fixed(Double(sums[index]) / Double(hops.period), decimals: 3))"
            }
            try Output.line("\(hops.text)  \(best.joined(separator: "  "))")
            sums = sums.map { _ in 0 }
        }
        try Output.line(input.speed(hops.seconds))
    }

    private static func seconds(_ frames: Int, _ rate: Int) -> String {
        fixed(Double(frames) / Double(rate), decimals: 1) + " s"
    }

    private static func decibels(_ peak: Float) -> String {
        fixed(Double(Level.decibels(Double(peak))), decimals: 1)
    }
}

/// Counts hops and reports the end of each second.
private struct HopClock {
    private let configuration: FrontEndConfiguration
    /// Hops per second, rounded.
    let period: Int
    private var count = 0

    init(_ configuration: FrontEndConfiguration) {
        self.configuration = configuration
        period = max(1, Int(saturating: configuration.frameRate.rounded()))
    }

    /// Counts one hop; returns true at the end of each period.
    mutating func tick() -> Bool {
        count += 1
        return count.isMultiple(of: period)
    }

    var seconds: Double { Double(count) / configuration.frameRate }
    var text: String { fixed(seconds, decimals: 1) + " s" }
}
