// Promise 15: frames, nanoseconds and numbers that are too large.

import AudioCore
import Testing

@Suite("Promise 15: time arithmetic") struct FrameTimeTests {
    static let decade: Int64 = 10 * 366 * 86_400 * 1_000_000_000

    @Test(
        "frames and nanoseconds agree to the frame for ten years at every rate",
        arguments: [8000, 44_100, 48_000, 384_000])
    func decade(rate: Int) {
        let times: [Int64] = [0, 1, 999_999_999, 1_000_000_000, Self.decade / 3, Self.decade]
        for nanoseconds in times {
            let frames = FrameTime.frames(in: nanoseconds, rate: rate)
            let exact = (Double(nanoseconds) / 1e9 * Double(rate))
            #expect(abs(Double(frames) - exact) <= 1 + exact * 1e-15)
            let back = FrameTime.nanoseconds(of: frames, rate: rate)
            #expect(back <= nanoseconds && nanoseconds - back <= 1_000_000_000 / Int64(rate) + 1)
        }
    }

    @Test("what no 64 bits hold is held to the largest number") func saturates() {
        #expect(FrameTime.nanoseconds(of: .max, rate: 8000) == .max)
        #expect(FrameTime.nanoseconds(of: .min, rate: 1) == .min)
        #expect(FrameTime.frames(in: .max, rate: 384_000) > 0)
        #expect(FrameTime.frames(in: .max, rate: .max) == .max)
        #expect(FrameTime.nanoseconds(of: 5, rate: 0) == 5_000_000_000)
    }

    @Test("a number that may be anything becomes the nearest that fits") func saturating() {
        #expect(Int64(saturating: 1e300) == .max && Int64(saturating: -.infinity) == .min)
        #expect(Int64(saturating: .nan) == 0 && Int64(saturating: -1.9) == -1 && Int64(saturating: 1.9) == 1)
        #expect(Int(saturating: 9.3e18) == .max && Int(saturating: -9.3e18) == .min)
        #expect(Int64(saturating: 0x1p63) == .max && Int64(saturating: -0x1p63) == .min)
        #expect(Int64(saturating: 9_007_199_254_740_992) == 9_007_199_254_740_992)
    }
}
