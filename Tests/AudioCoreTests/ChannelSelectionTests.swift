// The choice of channels: its names, and what is taken out of interleaved frames.

import Testing

@testable import AudioCore

@Suite("Channel selection")
struct ChannelSelectionTests {
    private func extract(_ selection: ChannelSelection, stream: Int = 0) -> [Float] {
        let frames: [Float] = [1, 2, 3, 10, 20, 30]
        var result: [Float] = [0, 0]
        frames.withUnsafeBufferPointer { frames in
            result.withUnsafeMutableBufferPointer {
                selection.extract(stream: stream, from: frames, channels: 3, into: $0)
            }
        }
        return result
    }

    @Test("the mix is the mean, a channel is itself, and each channel is a stream")
    func extraction() {
        #expect(extract(.mix) == [2, 20])
        #expect(extract(.channel(1)) == [2, 20])
        #expect(extract(.each, stream: 2) == [3, 30])
        #expect(ChannelSelection.each.streams(channels: 16) == 16)
        #expect(ChannelSelection.mix.streams(channels: 16) == 1)
        #expect(ChannelSelection.channel(3).channelsNeeded == 4)
    }

    @Test("names are read as people count, from 1, and written back")
    func names() {
        for text in ["mix", "each", "1", "64"] { #expect(ChannelSelection(text)?.description == text) }
        #expect(ChannelSelection("1") == .channel(0))
        for text in ["", "0", "65", "-1", "left", "1.5", "+1 "] {
            #expect(ChannelSelection(text) == nil)
        }
    }
}
