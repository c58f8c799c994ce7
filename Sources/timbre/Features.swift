// `timbre features`: what a model hears, for those who train one.

import CommandLine
import Features
import Foundation
import Models

extension Command {
    static let features = Command(
        Verb(
            "features", summary: "turn samples into the features a model hears, for training",
            discussion: [
                "Reads mono 32-bit little-endian floats at the front end's rate from standard input and writes one frame "
                    + "of 32-bit floats for every whole hop to standard output: the constant-Q plane, lowest bin first, "
                    + "and then the harmonic-series plane where there is one. Training uses this command, so there is one "
                    + "definition of the front end."
            ],
            options: [
                .model,
                Option("front-end", .file, help: "a JSON file with the front end, instead of the model's"),
            ])
    ) { arguments throws(Failure) in
        let configuration = try frontEnd(arguments)
        let frontEnd = FrontEnd(configuration)
        var hop = [Float](repeating: 0, count: configuration.hop)
        var frame = [Float](repeating: 0, count: configuration.frameSize)
        while readWhole(&hop) {
            for index in hop.indices where !hop[index].isFinite { hop[index] = 0 }
            frontEnd.process(hop, &frame)
            guard frame.withUnsafeBytes({ writeAll($0, to: STDOUT_FILENO) }) else { throw Output.failure(errno) }
        }
    }

    private static func frontEnd(_ arguments: Arguments) throws(Failure) -> FrontEndConfiguration {
        guard let path = arguments.text("front-end") else {
            return try ModelFile(at: arguments.text("model")).description.frontEnd
        }
        let configuration: FrontEndConfiguration
        do {
            configuration = try JSONDecoder().decode(
                FrontEndConfiguration.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Failure("\(path): no front end can be read from it: \(error)", .data)
        }
        if let contradiction = configuration.contradiction { throw Failure("\(path): \(contradiction)", .data) }
        return configuration
    }

    /// Fills `samples` from standard input; false when it ends before.
    private static func readWhole(_ samples: inout [Float]) -> Bool {
        samples.withUnsafeMutableBytes { bytes in
            var filled = 0
            while filled < bytes.count {
                let count = read(STDIN_FILENO, bytes.baseAddress.map { $0 + filled }, bytes.count - filled)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                filled += count
            }
            return true
        }
    }
}
