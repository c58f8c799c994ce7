// Frame-wise comparison: time is divided into segments, which are active where the class sounds at any time in them.

import AudioCore

/// The segment-based metric of Mesaros, Heittola & Virtanen, "Metrics for polyphonic sound event detection" (2016), as
/// `sed_eval` computes it. With segments of 104 ms it is the frame-wise score of Hung & Yang (2018), "active anywhere
/// in the block"; with segments of a hop it is the score at the hop.
public enum Segments {
    /// Returns the number of segments of `resolution` seconds in `duration` seconds, including a partial last one.
    public static func count(duration: Double, resolution: Double) -> Int {
        max(0, Int(saturating: (duration / resolution).rounded(.up)))
    }

    /// Returns which segments contain any of the spans; parts after the last segment are ignored.
    public static func roll(_ spans: [TimeSpan], resolution: Double, count: Int) -> [Bool] {
        var roll = [Bool](repeating: false, count: count)
        for span in spans {
            let first = min(count, max(0, Int(saturating: (span.start / resolution).rounded(.down))))
            let last = min(count, max(first, Int(saturating: (span.end / resolution).rounded(.up))))
            for index in first..<last { roll[index] = true }
        }
        return roll
    }

    /// Compares two rolls of the same length.
    public static func compare(reference: [Bool], heard: [Bool]) -> Counts {
        var counts = Counts()
        for (isPresent, isHeard) in zip(reference, heard) {
            switch (isPresent, isHeard) {
            case (true, true): counts.hits += 1
            case (false, true): counts.falseAlarms += 1
            case (true, false): counts.misses += 1
            case (false, false): break
            }
        }
        return counts
    }

    /// Compares one class in a recording of `duration` seconds.
    public static func compare(
        reference: [TimeSpan], heard: [TimeSpan], resolution: Double, duration: Double
    ) -> Counts {
        let count = count(duration: duration, resolution: resolution)
        return compare(
            reference: roll(reference, resolution: resolution, count: count),
            heard: roll(heard, resolution: resolution, count: count))
    }

    /// Returns the maximum of every `size` activities, including an incomplete last group.
    public static func peaks(_ activities: [Float], size: Int) -> [Float] {
        stride(from: 0, to: activities.count, by: max(1, size)).map { first in
            activities[first..<min(activities.count, first + max(1, size))].max() ?? 0
        }
    }
}
