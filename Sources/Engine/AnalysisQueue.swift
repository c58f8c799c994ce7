// The queue from the analysis thread to the delivery thread: reports, and the contents of their frames and tags.

import AudioCore
import AudioInput
import Models

/// The two ends of a new queue. The owner takes each end out once and passes it to its thread.
struct AnalysisQueue: ~Copyable {
    var producer: AnalysisProducer
    var consumer: AnalysisConsumer

    /// - Parameters:
    ///   - classes: number of activities of one frame.
    ///   - clipClasses: number of tags of one window; 0 when there are none.
    ///   - frames: minimum capacity in frames; 4096 are 48 s of one stream at the default hop.
    init(classes: Int, clipClasses: Int, frames: Int = 4096) {
        let reports = Ring<AnalysisReport>(minimumCapacity: 2 * frames)
        let activities = Ring<Float>(minimumCapacity: classes * frames)
        // Twice the tags that all channels of a source can report in one turn; tags come once a second and are read
        // soon.
        let tags = Ring<ClipTag>(minimumCapacity: 4 * ChannelSelection.limit * clipClasses)
        producer = AnalysisProducer(
            reports: reports.producer, activities: activities.producer, tags: tags.producer, classes: classes,
            clipClasses: clipClasses)
        consumer = AnalysisConsumer(
            reports: reports.consumer, activities: activities.consumer, tags: tags.consumer, classes: classes,
            clipClasses: clipClasses)
    }
}

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

    /// Returns whether there is room for `count` more frames and as many other reports, and for the tags of one turn
    /// of every channel.
    func hasRoom(frames count: Int) -> Bool {
        reports.vacancy >= 2 * count && activities.vacancy >= count * classes
            && tags.vacancy >= 2 * ChannelSelection.limit * clipClasses
    }

    /// Pushes a report without activities or tags; returns false when there is no room.
    mutating func push(_ report: AnalysisReport) -> Bool {
        reports.push(report)
    }

    /// Pushes the report of a frame with its activities; returns false when there is no room.
    mutating func push(_ report: AnalysisReport, activities values: UnsafePointer<Float>) -> Bool {
        guard reports.vacancy > 0, activities.vacancy >= classes else { return false }
        // The activities are pushed first, so a thread that sees the report also sees its activities.
        _ = activities.push(UnsafeBufferPointer(start: values, count: classes))
        return reports.push(report)
    }

    /// Pushes the report of a window with its tags; returns false when there is no room.
    mutating func push(_ report: AnalysisReport, tags values: UnsafePointer<ClipTag>) -> Bool {
        guard reports.vacancy > 0, tags.vacancy >= clipClasses else { return false }
        _ = tags.push(UnsafeBufferPointer(start: values, count: clipClasses))
        return reports.push(report)
    }
}

/// The delivery thread's end of one analysis thread's queue, in an object, because arrays hold only copyable values.
final class ReportQueue {
    var consumer: AnalysisConsumer

    init(_ consumer: consuming AnalysisConsumer) {
        self.consumer = consumer
    }
}

/// The delivery thread's end.
struct AnalysisConsumer: ~Copyable {
    /// The data of a report besides its fields.
    struct Content {
        /// The activities of a frame; empty for all other reports.
        let activities: UnsafeBufferPointer<Float>
        /// The tags of a window; empty for all other reports.
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

    /// Passes the oldest report and its data to `body`; returns false when the queue is empty. The data is valid only
    /// during the call.
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
