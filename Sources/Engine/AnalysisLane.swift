// The lane from the analysis thread to the delivery thread: reports, and what the frames and tags among them hold.

import AudioCore
import AudioInput
import Models

/// The two ends of a new lane; take each out once and give it to its thread.
struct AnalysisLane: ~Copyable {
    var producer: AnalysisProducer
    var consumer: AnalysisConsumer

    /// - Parameters:
    ///   - classes: activities of one frame.
    ///   - clipClasses: tags of one window; 0 when there are none.
    ///   - frames: frames it must hold; 4096 are 48 s of one stream at the usual hop.
    init(classes: Int, clipClasses: Int, frames: Int = 4096) {
        let reports = Ring<AnalysisReport>(minimumCapacity: 2 * frames)
        let activities = Ring<Float>(minimumCapacity: classes * frames)
        // Twice what every channel of a source can report in one turn; tags come once a second and are soon taken.
        let tags = Ring<ClipTag>(minimumCapacity: 4 * ChannelSelection.limit * clipClasses)
        producer = AnalysisProducer(
            reports: reports.producer, activities: activities.producer, tags: tags.producer, classes: classes,
            clipClasses: clipClasses)
        consumer = AnalysisConsumer(
            reports: reports.consumer, activities: activities.consumer, tags: tags.consumer, classes: classes,
            clipClasses: clipClasses)
    }
}
