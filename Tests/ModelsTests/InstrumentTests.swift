// The instruments and their families.

import Testing

@testable import Models

@Suite struct InstrumentTests {
    @Test("There are 24 instruments in alphabetical order, each under its own name")
    func classes() {
        let names = InstrumentClass.allCases.map(\.rawValue)
        #expect(names.count == 24)
        #expect(names == names.sorted())
        #expect(InstrumentClass(rawValue: "mallet_percussion") == .malletPercussion)
    }

    @Test("Every family has its instruments")
    func families() {
        let members = Dictionary(grouping: InstrumentClass.allCases, by: \.family)
        #expect(Set(members.keys) == Set(InstrumentFamily.allCases))
        #expect(members[.strings] == [.bass, .cello, .viola, .violin])
        #expect(members[.woodwind] == [.bassoon, .clarinet, .flute, .oboe, .saxophone])
    }
}
