// Draws the live view: a pure function from the state and the terminal size to lines of text.

/// The layout of the live view on one terminal.
struct WatchView: Equatable {
    /// Columns of the terminal.
    var width: Int
    /// Rows of the terminal; the view never uses more, and nil means no limit.
    var height: Int?
    /// Whether escape sequences for colour are permitted.
    var colour: Bool

    /// Returns the lines of the screen for one stream.
    func lines(of state: WatchState, stream name: String) -> [String] {
        let stream = state.streams[name] ?? WatchState.Stream()
        var lines = [header(state, name, stream), ""]
        let room = height.map { max(1, $0 - 4) } ?? max(1, state.instruments.count)
        lines += table(state, stream, room: room)
        if let height { lines += Array(repeating: "", count: max(0, height - 2 - lines.count)) }
        return (lines + ["", foot(state, stream)]).suffix(height ?? .max)
    }

    private func header(_ state: WatchState, _ name: String, _ stream: WatchState.Stream) -> String {
        let others = state.streamNames.count > 1 ? " (\(state.streamNames.count) streams, Tab selects the next)" : ""
        let left = " \(name)\(others)  \(state.source)"
        let right = " \(clock(stream.time)) "
        return paint(fitted(left, max(0, width - right.count)) + right, .bold)
    }

    /// Returns one row per instrument; uses several columns where the terminal is too low, and omits the instruments
    /// with the lowest levels where it is also too narrow.
    private func table(_ state: WatchState, _ stream: WatchState.Stream, room: Int) -> [String] {
        var shown = state.instruments
        guard !shown.isEmpty else { return [" " + (state.trouble ?? "waiting for the daemon's first line")] }
        // A cell has 16 characters besides the name.
        let name = max(1, min(shown.map(\.count).max() ?? 0, width - 16))
        let needed = (shown.count + room - 1) / room
        let columns = min(needed, max(1, width / (name + 22)))
        if columns < needed {
            let ranked = shown.sorted { rank(stream.voices[$0]) > rank(stream.voices[$1]) }.prefix(room * columns)
            shown = shown.filter(ranked.contains)
        }
        let rows = (shown.count + columns - 1) / columns
        return (0..<rows).map { row in
            stride(from: row, to: shown.count, by: rows).map { index in
                cell(shown[index], state, stream, name: name, width: width / columns)
            }.joined()
        }
    }

    private func rank(_ voice: WatchState.Voice?) -> Double {
        (voice?.since == nil ? 0 : 1) + Double(voice?.level ?? 0)
    }

    /// Returns one cell: " ● violin  ██████▌   0.81   0:12 "
    ///
    /// The bar's length is the square root of the level: instruments count as sounding from levels of 0.1 to 0.2, and
    /// this part of the scale should be the most visible.
    private func cell(
        _ instrument: String, _ state: WatchState, _ stream: WatchState.Stream, name: Int, width: Int
    ) -> String {
        let voice = stream.voices[instrument] ?? WatchState.Voice()
        let held = voice.since.map { clock(stream.time - $0) } ?? ""
        let head = (voice.since == nil ? "   " : " ● ") + fitted(instrument, name) + " "
        let tail = " " + fixed(Double(voice.level), decimals: 2) + padded(held, 6) + " "
        let space = max(0, width - head.count - tail.count)
        let drawn = bar(Double(max(0, voice.level)).squareRoot(), width: space, empty: colour ? " " : "·")
        let text = fitted(head + drawn + tail, width)
        return paint(text, voice.since == nil ? .dim : .family(state.families[instrument]))
    }

    private func foot(_ state: WatchState, _ stream: WatchState.Stream) -> String {
        var parts = [state.trouble ?? stream.health?.description ?? "unknown"]
        if state.trouble == nil, let message = stream.message { parts.append(message) }
        if !stream.tags.isEmpty { parts.append("recent tags " + stream.tags.prefix(3).joined(separator: ", ")) }
        if let peak = stream.peak { parts.append("peak \(fixed(Double(peak), decimals: 0)) dBFS") }
        if let latency = state.latency { parts.append("latency \(fixed(latency, decimals: 0)) ms") }
        if stream.gaps > 0 { parts.append("\(stream.gaps) gap\(stream.gaps == 1 ? "" : "s")") }
        parts.append(state.model ?? "loading the model")
        let well = state.trouble == nil && stream.health == .running
        return paint(fitted(" " + parts.joined(separator: " · "), width), well ? .dim : .alert)
    }

    private enum Paint {
        case bold, dim, alert
        case family(String?)
    }

    private func paint(_ text: String, _ paint: Paint) -> String {
        guard colour else { return text }
        let code =
            switch paint {
            case .bold: "1"
            case .dim: "2"
            case .alert: "1;33"
            case .family(let family): "1;38;5;\(Family.colour(of: family))"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
