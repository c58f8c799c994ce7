// Precision, recall and F1 from counts.

import Testing

@testable import Evaluation

@Suite("Counts")
struct CountsTests {
    @Test("precision, recall and F1 follow from the counts, and are 0 where there is nothing to count")
    func figures() {
        let counts = Counts(hits: 6, falseAlarms: 2, misses: 4)
        #expect(counts.precision == 0.75 && counts.recall == 0.6)
        #expect((counts.f1 - 2 * 0.75 * 0.6 / 1.35).magnitude < 1e-15)
        #expect(Counts().precision == 0 && Counts().recall == 0 && Counts().f1 == 0)
    }
}
