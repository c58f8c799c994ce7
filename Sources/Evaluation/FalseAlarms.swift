// The detections in recordings without music.

/// False alarms on recordings in which every class is known to be absent.
public struct FalseAlarms: Equatable, Sendable {
    /// Number of recordings without music.
    public var recordings = 0
    /// Their total length, in seconds.
    public var seconds = 0.0
    /// Number of those recordings with at least one alarm.
    public var alarmed = 0
    /// Number of alarms of each class, in the order of the classes.
    public var alarms: [Int]

    /// Collects the recordings without music.
    init(_ recordings: [RecordingResult], classes: Int) {
        alarms = [Int](repeating: 0, count: classes)
        for recording in recordings where recording.isWithoutMusic {
            self.recordings += 1
            seconds += recording.duration
            if recording.classes.contains(where: { $0.reports > 0 }) { alarmed += 1 }
            for index in alarms.indices { alarms[index] += recording.classes[index].reports }
        }
    }

    /// Alarms of all classes per hour; nil without such recordings.
    public var perHour: Double? { seconds > 0 ? Double(alarms.reduce(0, +)) / seconds * 3600 : nil }
}
