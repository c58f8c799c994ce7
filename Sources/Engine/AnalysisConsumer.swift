// The delivery thread's end of the lane from the analysis thread.

import AudioCore

/// The delivery thread's end.
struct AnalysisConsumer: ~Copyable {
    private var reports: RingConsumer<AnalysisReport>
    private var activities: RingConsumer<Float>
    private var values: [Float]

    init(reports: consuming RingConsumer<AnalysisReport>, activities: consuming RingConsumer<Float>, classes: Int) {
        self.reports = reports
        self.activities = activities
        values = [Float](repeating: 0, count: classes)
    }

    /// Takes the oldest report. `body` gets the activities of a frame, and an empty buffer for everything else.
    mutating func next(_ body: (AnalysisReport, UnsafeBufferPointer<Float>) -> Void) -> Bool {
        guard let report = reports.pop() else { return false }
        guard case .frame = report.kind else {
            body(report, UnsafeBufferPointer(start: nil, count: 0))
            return true
        }
        values.withUnsafeMutableBufferPointer { buffer in
            _ = activities.pop(into: buffer)
            body(report, UnsafeBufferPointer(buffer))
        }
        return true
    }
}
