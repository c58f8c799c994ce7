// Converts the output of a clip model to the content of an event.

import Events
import Features
import Models

/// Names, families and thresholds of a clip model's classes.
struct TagFormatter {
    private let instruments: [Hello.Instrument]
    private let thresholds: [Float]

    init(_ description: ClipDescription) {
        instruments = description.classes.map { .init(name: $0.rawValue, family: $0.family.rawValue) }
        thresholds = description.thresholds
    }

    /// Returns the content of the event for a window; columns of attention are counted from `origin`.
    func tags(
        _ tags: UnsafeBufferPointer<ClipTag>, start: Int64, end: Int64, origin: Int64, clock: StreamClock
    ) -> Tags {
        Tags(
            start: clock.seconds(start), end: clock.seconds(end),
            tags: instruments.indices.map { index in
                let tag = tags[index]
                let isReported = tag.probability >= thresholds[index]
                return Tags.Tag(
                    instrument: instruments[index].name, family: instruments[index].family,
                    probability: tag.probability,
                    attention: isReported ? tag.focus.map { attention($0, from: clock.seconds(origin)) } : nil)
            })
    }

    private func attention(_ focus: ClipTag.Focus, from origin: Double) -> Tags.Attention {
        let patch = Double(ClipArchitecture.patchFrames * LogMel.hop) / Double(LogMel.sampleRate)
        let column = patch / Double(ClipArchitecture.columns)
        let height = LogMel.bands / ClipArchitecture.rows
        let band =
            focus.row.map { LogMel.frequencies(ofBands: $0 * height, through: ($0 + 1) * height - 1) } ?? LogMel.range
        return Tags.Attention(
            time: origin + (Double(focus.column) + 0.5) * column, low: band.lowerBound, high: band.upperBound)
    }
}
