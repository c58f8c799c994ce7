// One recording that was heard, on its way to being judged.

import Evaluation

/// One recording that was heard, with what is known of it.
struct HeardRecording: Sendable {
    let item: EvaluationSet.Item
    let sha256: String
    let heard: Transcript
    let reference: Reference
}
