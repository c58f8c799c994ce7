// A model that anyone can predict: each instrument is on exactly when one bin of the constant-Q is strong.

import Features
import Foundation
import Models
import NeuralNetwork

/// Builds model files whose class i listens to the bin at 220 Hz + i semitones and to nothing else.
public enum PitchModel {
    /// What the model hears through.
    public static let frontEnd = FrontEndConfiguration(
        sampleRate: 44_100, hop: 512, minimumFrequency: 110, bins: 60, binsPerOctave: 12)

    /// The frequency that lights an instrument.
    public static func frequency(of instrument: InstrumentClass) -> Double {
        frontEnd.frequency(ofBin: bin(of: instrument))
    }

    private static func bin(of instrument: InstrumentClass) -> Int {
        12 + (InstrumentClass.allCases.sorted().firstIndex(of: instrument) ?? 0)
    }

    /// Writes the model into `folder` and returns its path.
    public static func write(to folder: URL) throws -> String {
        let classes = InstrumentClass.allCases.sorted()
        var weights = [Float](repeating: 0, count: classes.count * frontEnd.bins)
        for (index, instrument) in classes.enumerated() {
            // A bin at the level reference has the value 1; its neighbours lie far enough below for a sigmoid this steep.
            weights[index * frontEnd.bins + bin(of: instrument)] = 200
        }
        let tensors = [
            "out.weight": Tensor(
                name: "out.weight", shape: [classes.count, frontEnd.bins, 1], elements: .single(weights)),
            "out.bias": Tensor(
                name: "out.bias", shape: [classes.count],
                elements: .single([Float](repeating: -195, count: classes.count))),
        ]
        let network = NetworkDescription(
            inputs: frontEnd.bins,
            layers: [.convolution(name: "out", outputs: classes.count, kernel: 1, dilation: 1), .sigmoid])
        let bytes = try encodeModel(
            "pitch", network: network, tensors: tensors, frontEnd: frontEnd, classes: classes)
        let url = folder.appendingPathComponent("pitch.safetensors")
        try Data(bytes).write(to: url)
        return url.path
    }
}
