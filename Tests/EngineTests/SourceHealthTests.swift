// What status says of a source agrees with what its health lines said.

import AudioCore
import Events
import JSON
import SceneFixtures
import Testing

@testable import AudioInput
@testable import Engine

@Suite("Source health") struct SourceHealthTests {
    @Test("status-says-running-when-silent: status says silent where health does, and again running")
    func silent() throws {
        let specification = try SourceSpecification("alsa:x")
        var source = SourceDelivery(
            name: "main", specification: specification, selection: .mix, options: SourceOptions())
        let shared = SourceDelivery.Shared(
            instruments: [.init(name: "violin", family: "strings")], rate: 44_100, hop: 512,
            settings: try TrackerSettings(
                instruments: [HysteresisSettings(on: 0.6, off: 0.4)], gate: .init(open: -60), smoothing: 0,
                activityRate: 0),
            tagFormatter: nil, tagSupport: nil)
        var events: [Event] = []
        var frame: Int64 = 0
        var activity: [Float] = [0]
        func take(_ kind: AnalysisReport.Kind, _ source: inout SourceDelivery) {
            frame += 512
            activity.withUnsafeMutableBufferPointer { values in
                source.take(
                    AnalysisReport(source: 0, channel: 0, kind: kind, frame: frame, wall: 0),
                    .init(activities: UnsafeBufferPointer(values), tags: UnsafeBufferPointer(start: nil, count: 0)),
                    shared
                ) { events.append($0) }
            }
        }
        source.status.publish(.running, code: 0)
        source.status.name("card.monitor")
        take(.state(.running, code: 0), &source)
        #expect(
            source.statusReport["state"]?.text == "running" && source.statusReport["device"]?.text == "card.monitor")
        take(.frame(peak: -200, rms: -200, silentSamples: 11 * 44_100), &source)
        #expect(source.statusReport["state"]?.text == "silent")
        #expect(source.statusReport["message"]?.text?.contains("muted or unplugged") == true)
        take(.frame(peak: -20, rms: -20, silentSamples: 0), &source)
        #expect(source.statusReport["state"]?.text == "running")
        take(.alone(channel: 1), &source)
        let messages = events.compactMap { event -> String? in
            if case .health(let health) = event.body { health.message } else { nil }
        }
        #expect(messages[0] == "audio arrives from card.monitor")
        #expect(messages.last?.contains("channel 2 is analysed alone") == true)
    }
}
