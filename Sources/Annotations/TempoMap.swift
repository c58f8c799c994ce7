// Converts the ticks of a MIDI file to seconds.

/// The tempo changes and their times.
struct TempoMap {
    private var steps: [(tick: Int, seconds: Double, secondsPerTick: Double)]

    /// Creates the map of a file: 120 beats a minute until the first tempo event.
    init(_ file: MIDIFile) {
        guard case .perQuarter(let ticks) = file.division else {
            if case .perSecond(let rate) = file.division { steps = [(0, 0, 1 / rate)] } else { steps = [] }
            return
        }
        steps = [(0, 0, 0.5 / Double(ticks))]
        for event in file.events {
            guard case .tempo(let microseconds) = event.kind, let last = steps.last else { continue }
            let seconds = last.seconds + Double(event.tick - last.tick) * last.secondsPerTick
            steps.append((event.tick, seconds, Double(microseconds) / 1e6 / Double(ticks)))
        }
    }

    /// Returns the time of a tick.
    func seconds(_ tick: Int) -> Double {
        var low = 0
        var high = steps.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if steps[middle].tick <= tick { low = middle } else { high = middle }
        }
        guard low < steps.count else { return 0 }
        return steps[low].seconds + Double(tick - steps[low].tick) * steps[low].secondsPerTick
    }
}
