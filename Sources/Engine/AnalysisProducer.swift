// The analysis thread's end of the lane to the delivery thread.

import AudioCore
import AudioInput
import Models

/// The analysis thread's end. No operation waits, allocates or makes a system call.
struct AnalysisProducer: ~Copyable {
    private var reports: RingProducer<AnalysisReport>
    private var activities: RingProducer<Float>
    private var tags: RingProducer<ClipTag>
    private let classes: Int
    private let clipClasses: Int

    init(
        reports: consuming RingProducer<AnalysisReport>, activities: consuming RingProducer<Float>,
        tags: consuming RingProducer<ClipTag>, classes: Int, clipClasses: Int
    ) {
        self.reports = reports
        self.activities = activities
        self.tags = tags
        self.classes = classes
        self.clipClasses = clipClasses
    }

    /// Whether `count` more frames and as many other reports fit, and the tags of a turn of every channel with them.
    func hasRoom(frames count: Int) -> Bool {
        reports.vacancy >= 2 * count && activities.vacancy >= count * classes
            && tags.vacancy >= 2 * ChannelSelection.limit * clipClasses
    }

    /// Reports something that has no activities; false when there is no room.
    mutating func push(_ report: AnalysisReport) -> Bool {
        reports.push(report)
    }

    /// Reports a frame; false when there is no room.
    mutating func push(_ report: AnalysisReport, activities values: UnsafePointer<Float>) -> Bool {
        guard reports.vacancy > 0, activities.vacancy >= classes else { return false }
        // The activities first: whoever sees the report also sees them.
        _ = activities.push(UnsafeBufferPointer(start: values, count: classes))
        return reports.push(report)
    }

    /// Reports a window; false when there is no room.
    mutating func push(_ report: AnalysisReport, tags values: UnsafePointer<ClipTag>) -> Bool {
        guard reports.vacancy > 0, tags.vacancy >= clipClasses else { return false }
        _ = tags.push(UnsafeBufferPointer(start: values, count: clipClasses))
        return reports.push(report)
    }
}
