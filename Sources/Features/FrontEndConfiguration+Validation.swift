// Validates the configuration of a front end.

extension FrontEndConfiguration {
    /// The error in the configuration, as the end of a sentence; nil when it is valid.
    public var contradiction: String? {
        let limits: [(String, Int, ClosedRange<Int>)] = [
            ("sample_rate", sampleRate, 4000...192_000),
            ("hop", hop, 16...16_384),
            ("bins", bins, 1...1024),
            ("bins_per_octave", binsPerOctave, 1...96),
            ("harmonics", harmonics ?? 0, 0...5),
        ]
        for (key, value, range) in limits where !range.contains(value) {
            return "the front end's '\(key)' is \(value), outside \(range)"
        }
        guard minimumFrequency >= 10, frequency(ofBin: bins - 1) < Double(sampleRate) / 2 else {
            return "the front end's bins from \(minimumFrequency) Hz are not between 10 Hz and half the sample rate"
        }
        return nil
    }
}
