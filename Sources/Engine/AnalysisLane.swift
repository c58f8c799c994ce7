// The lane from the analysis thread to the delivery thread: reports, and the activities of the frames among them.

import AudioCore

/// The two ends of a new lane; take each out once and give it to its thread.
struct AnalysisLane: ~Copyable {
    var producer: AnalysisProducer
    var consumer: AnalysisConsumer

    /// - Parameters:
    ///   - classes: activities of one frame.
    ///   - frames: frames it must hold; 4096 are 48 s of one stream at the usual hop.
    init(classes: Int, frames: Int = 4096) {
        let reports = Ring<AnalysisReport>(minimumCapacity: 2 * frames)
        let activities = Ring<Float>(minimumCapacity: classes * frames)
        producer = AnalysisProducer(reports: reports.producer, activities: activities.producer, classes: classes)
        consumer = AnalysisConsumer(reports: reports.consumer, activities: activities.consumer, classes: classes)
    }
}
