// The analysis thread's end of the lane to the delivery thread.

import AudioCore

/// The analysis thread's end. No operation waits, allocates or makes a system call.
struct AnalysisProducer: ~Copyable {
    private var reports: RingProducer<AnalysisReport>
    private var activities: RingProducer<Float>
    private let classes: Int

    init(reports: consuming RingProducer<AnalysisReport>, activities: consuming RingProducer<Float>, classes: Int) {
        self.reports = reports
        self.activities = activities
        self.classes = classes
    }

    /// Whether `count` more frames and as many other reports fit.
    func hasRoom(frames count: Int) -> Bool {
        reports.vacancy >= 2 * count && activities.vacancy >= count * classes
    }

    /// Reports something that has no activities; false when there is no room.
    mutating func push(_ report: AnalysisReport) -> Bool {
        reports.push(report)
    }

    /// Reports a frame; false when there is no room.
    mutating func push(_ report: AnalysisReport, activities values: UnsafePointer<Float>) -> Bool {
        guard hasRoom(frames: 1) else { return false }
        // The activities first: whoever sees the report also sees them.
        _ = activities.push(UnsafeBufferPointer(start: values, count: classes))
        return reports.push(report)
    }
}
