// What sounds when in a session, as `timbre export` reads it.

import Annotations
import Recording

extension SessionReader {
    /// The segments and marks of a stream, in seconds of the session's sound.
    func annotations(stream: String) throws -> AnnotationSet {
        let manifest = manifest
        var log = EventLog(keepsActivity: false) { position in
            manifest.audioFrame(of: position.time.frame, stream: position.stream).map {
                Double($0) / Double(max(1, manifest.rate))
            }
        }
        _ = try log.read(path: folder.events)
        return log.annotations(of: stream, until: duration)
    }
}
