// `timbre features`: the input features of a model, for training.

import CommandLine
import Features
import Glibc
import JSON
import Models
import System
import WholeFiles

extension Command {
    static let features = Command(
        Verb(
            "features", summary: "compute the input features of a model from samples, for training",
            discussion: [
                "Reads mono 32-bit little-endian floats at the front end's rate from standard input and writes "
                    + "one frame of 32-bit floats for every whole hop to standard output: the constant-Q plane, "
                    + "lowest bin first, and then the harmonic-series plane, if the front end has one. Training uses "
                    + "this command, so that there is one definition of the front end.",
                "--log-mel writes the input of the clip models instead: 64 bands every 10 ms.",
            ],
            options: [
                .model,
                Option("front-end", .file, help: "a JSON file with the front end to use instead of the model's"),
                Option("log-mel", help: "write the log-mel spectrogram of the clip models"),
                Option(
                    "rate", .integer("RATE", 8000...384_000),
                    help: "sample rate of the input with --log-mel (default: 44100)"),
            ])
    ) { arguments throws(Failure) in
        if arguments.flag("log-mel") {
            try logMel(sampleRate: arguments.integer("rate") ?? 44_100)
        } else {
            try frames(FrontEnd(try frontEnd(arguments)))
        }
    }

    private static func frames(_ frontEnd: FrontEnd) throws(Failure) {
        var hop = [Float](repeating: 0, count: frontEnd.configuration.hop)
        var frame = [Float](repeating: 0, count: frontEnd.configuration.frameSize)
        while read(into: &hop) == hop.count {
            frontEnd.process(hop, &frame)
            try write(frame)
        }
    }

    private static func logMel(sampleRate: Int) throws(Failure) {
        let frontEnd = ClipFrontEnd(sampleRate: sampleRate)
        var block = [Float](repeating: 0, count: 8192)
        var frames: [Float] = []
        let take = { (frame: UnsafePointer<Float>) in
            frames += UnsafeBufferPointer(start: frame, count: LogMel.bands)
        }
        while true {
            let count = read(into: &block)
            block.withUnsafeBufferPointer { frontEnd.process(UnsafeBufferPointer(rebasing: $0[..<count]), take) }
            if count < block.count { frontEnd.finish(take) }
            try write(frames)
            frames.removeAll(keepingCapacity: true)
            if count < block.count { return }
        }
    }

    private static func frontEnd(_ arguments: Arguments) throws(Failure) -> FrontEndConfiguration {
        guard let path = arguments.text("front-end") else {
            return try ModelFile(at: arguments.text("model")).description.frontEnd
        }
        let configuration: FrontEndConfiguration
        do {
            configuration = try JSONParser.parse(WholeFile.read(path, limit: 1 << 20)[...])
                .decode(as: FrontEndConfiguration.self)
        } catch {
            throw Failure("\(path): not a front end: \(error)", .data)
        }
        if let contradiction = configuration.contradiction { throw Failure("\(path): \(contradiction)", .data) }
        return configuration
    }

    private static func write(_ numbers: [Float]) throws(Failure) {
        try Output.bytes(numbers.withUnsafeBytes { Array($0) })
    }

    /// Fills `samples` from standard input, with zeros for values that are not finite; returns fewer than its size
    /// only at the end.
    private static func read(into samples: inout [Float]) -> Int {
        let filled = samples.withUnsafeMutableBytes { bytes in
            var filled = 0
            while filled < bytes.count {
                let count = try? systemCall {
                    Glibc.read(STDIN_FILENO, bytes.baseAddress.map { $0 + filled }, bytes.count - filled)
                }
                guard let count, count > 0 else { break }
                filled += count
            }
            return filled / MemoryLayout<Float>.stride
        }
        for index in 0..<filled where !samples[index].isFinite { samples[index] = 0 }
        return filled
    }
}
