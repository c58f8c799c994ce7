// The `on` and `off` events as text: one line per event as it arrives, and a chart at the end.

import AudioCore
import Events

/// Collects `on` and `off` events and formats them as text for a pipe, a log or a README.
struct Timeline {
    /// One segment of an instrument, in seconds.
    struct Stretch: Equatable {
        var start: Double
        var end: Double?
    }

    private(set) var stretches: [String: [Stretch]] = [:]
    private(set) var duration = 0.0

    /// Processes an event; returns the line to print for an `on` or `off`.
    mutating func apply(_ event: Event) -> String? {
        guard let t = event.position?.time.seconds else { return nil }
        duration = max(duration, t)
        let time = padded(fixed(t, decimals: 2), 8)
        switch event.body {
        case .on(let on):
            stretches[on.instrument, default: []].append(Stretch(start: t))
            return "\(time) s  + \(on.instrument)"
        case .off(let off):
            guard let last = stretches[off.instrument]?.indices.last else { return nil }
            stretches[off.instrument]?[last].end = t
            let held = "after \(fixed(off.duration, decimals: 2)) s"
            return "\(time) s  - \(fitted(off.instrument, 18)) \(held)"
        default: return nil
        }
    }

    /// Returns a row per instrument in the order of their first events, with a column per slice of time.
    func chart(width: Int) -> [String] {
        guard duration > 0 else { return [] }
        let names = stretches.keys.sorted { first($0) < first($1) }
        let label = (names.map(\.count).max() ?? 0) + 1
        let columns = max(10, width - label - 10)
        let slice = duration / Double(columns)
        let rows = names.map { name in
            let cells = (0..<columns).map { column in
                heard(name, from: Double(column) * slice, to: Double(column + 1) * slice) ? "█" : "·"
            }
            let total = (stretches[name] ?? []).reduce(0) { $0 + ($1.end ?? duration) - $1.start }
            return fitted(name, label) + cells.joined() + padded(fixed(total, decimals: 1), 7) + " s"
        }
        return [ruler(label: label, columns: columns)] + rows
    }

    private func first(_ name: String) -> (Double, String) {
        (stretches[name]?.first?.start ?? .infinity, name)
    }

    /// Returns whether the instrument sounds for at least half of a slice, or begins and ends within it.
    private func heard(_ name: String, from start: Double, to end: Double) -> Bool {
        let overlap = (stretches[name] ?? []).reduce(0.0) { sum, stretch in
            sum + max(0, min(end, stretch.end ?? duration) - max(start, stretch.start))
        }
        let inside = (stretches[name] ?? []).contains { $0.start >= start && ($0.end ?? duration) < end }
        return overlap >= (end - start) / 2 || inside
    }

    private func ruler(label: Int, columns: Int) -> String {
        var text = String(repeating: " ", count: label)
        let steps = [5.0, 10, 15, 30, 60, 120, 300, 600, 1800, 3600]
        let step = steps.first { $0 / duration * Double(columns) >= 8 } ?? 7200
        for mark in stride(from: 0, to: duration, by: step) {
            text = fitted(text, label + Int(saturating: mark / duration * Double(columns))) + clock(mark)
        }
        return text
    }
}
