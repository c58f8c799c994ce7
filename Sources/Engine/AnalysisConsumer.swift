// The delivery thread's end of the lane from the analysis thread.

import AudioCore
import Models

/// The delivery thread's end.
struct AnalysisConsumer: ~Copyable {
    /// What belongs to a report.
    struct Content {
        /// The activities of a frame; empty for everything else.
        let activities: UnsafeBufferPointer<Float>
        /// The tags of a window; empty for everything else.
        let tags: UnsafeBufferPointer<ClipTag>
    }

    private var reports: RingConsumer<AnalysisReport>
    private var activities: RingConsumer<Float>
    private var tags: RingConsumer<ClipTag>
    private var activityValues: [Float]
    private var tagValues: [ClipTag]

    init(
        reports: consuming RingConsumer<AnalysisReport>, activities: consuming RingConsumer<Float>,
        tags: consuming RingConsumer<ClipTag>, classes: Int, clipClasses: Int
    ) {
        self.reports = reports
        self.activities = activities
        self.tags = tags
        activityValues = Array(repeating: 0, count: classes)
        tagValues = Array(repeating: ClipTag(probability: 0, focus: nil), count: clipClasses)
    }

    /// Takes the oldest report with what belongs to it.
    mutating func next(_ body: (AnalysisReport, Content) -> Void) -> Bool {
        guard let report = reports.pop() else { return false }
        let (noActivities, noTags) = (
            UnsafeBufferPointer<Float>(start: nil, count: 0), UnsafeBufferPointer<ClipTag>(start: nil, count: 0)
        )
        switch report.kind {
        case .frame:
            activityValues.withUnsafeMutableBufferPointer { buffer in
                _ = activities.pop(into: buffer)
                body(report, Content(activities: UnsafeBufferPointer(buffer), tags: noTags))
            }
        case .tags:
            tagValues.withUnsafeMutableBufferPointer { buffer in
                _ = tags.pop(into: buffer)
                body(report, Content(activities: noActivities, tags: UnsafeBufferPointer(buffer)))
            }
        default:
            body(report, Content(activities: noActivities, tags: noTags))
        }
        return true
    }
}
