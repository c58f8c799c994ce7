// The tables of the evaluation page: all figures, and the confusion matrices.

import AudioCore
import Reports

extension EvaluationPage {
    private struct Column: Sendable {
        let group: String
        let name: String
        /// The description in the tooltip.
        let about: String
        var isTime = false
        let value: @Sendable (ClassFigures) -> Double?
    }

    private static let columns: [Column] = [
        Column(group: "by time", name: "P", about: "precision at the hop") { defined($0.frames?.hop)?.precision },
        Column(group: "by time", name: "R", about: "recall at the hop") { defined($0.frames?.hop)?.recall },
        Column(group: "by time", name: "F1", about: "F1 at the hop") { defined($0.frames?.hop)?.f1 },
        Column(group: "by time", name: "104 ms", about: "F1 in blocks of 104 ms") { defined($0.frames?.block)?.f1 },
        Column(group: "by time", name: "1 s", about: "F1 in blocks of a second") { defined($0.frames?.second)?.f1 },
        Column(group: "by time", name: "AP", about: "average precision of the activities") { $0.framePrecision },
        Column(group: "by time", name: "AUC", about: "area under the ROC curve of the activities") { $0.frameArea },
        Column(group: "by event", name: "onset F1", about: "F1 of onsets") { defined($0.onsets)?.f1 },
        Column(group: "by event", name: "on+off F1", about: "F1 of onsets with their offsets") {
            defined($0.events)?.f1
        },
        Column(
            group: "delay in ms", name: "median", about: "half of the detected entries have a shorter delay",
            isTime: true
        ) {
            $0.medianDelay
        },
        Column(
            group: "delay in ms", name: "95 %", about: "95 % of the detected entries have a shorter delay", isTime: true
        ) {
            $0.longDelay
        },
        Column(group: "by recording", name: "F1", about: "F1 of the score at 0.5") { told($0)?.atHalf.f1 },
        Column(group: "by recording", name: "2-class", about: "mean F1 of present and absent") {
            told($0)?.twoClass.f1
        },
        Column(group: "by recording", name: "reports", about: "F1 of the reports") { told($0)?.reported.f1 },
        Column(group: "by recording", name: "AP", about: "average precision of the score") {
            told($0)?.ranking.averagePrecision
        },
        Column(group: "by recording", name: "AUC", about: "area under the ROC curve of the score") {
            told($0)?.ranking.area
        },
    ]

    /// All figures; column groups without values are omitted; the page states why cells are empty.
    var figures: String {
        let rows = present
        guard !rows.isEmpty else { return "<p>No instrument has a reference, and there are no figures.</p>" }
        let groups = Set(Self.columns.filter { column in rows.contains { column.value($0) != nil } }.map(\.group))
        let columns = Self.columns.filter { groups.contains($0.group) }
        func begins(_ index: Int) -> Bool { index == 0 || columns[index - 1].group != columns[index].group }
        func attribute(_ index: Int) -> String { begins(index) ? " class=\"begins\"" : "" }
        func cell(_ index: Int, _ value: Double?) -> String {
            let text = value.map { columns[index].isTime ? PageText.number($0 * 1000, 0) : PageText.number($0, 3) }
            return "<td\(attribute(index))>\(text ?? "")</td>"
        }
        let heads = columns.indices.filter(begins).map { index in
            let count = columns.count { $0.group == columns[index].group }
            return "<th class=\"group begins\" colspan=\"\(count)\">\(columns[index].group)</th>"
        }
        let names = columns.indices.map {
            "<th\(attribute($0)) title=\"\(columns[$0].about)\">\(columns[$0].name)</th>"
        }
        let body = rows.map { figures in
            "<tr><th>\(PageText.escaped(figures.name))</th>"
                + columns.indices.map { cell($0, columns[$0].value(figures)) }.joined() + "</tr>"
        }
        let delays = ["median": 0.5, "95 %": 0.95].mapValues { Quantile.of(evaluation.delays, $0) }
        let means = columns.indices.map { index in
            cell(
                index,
                columns[index].isTime ? delays[columns[index].name] ?? nil : evaluation.mean(columns[index].value))
        }
        let hasGaps = rows.contains { figures in columns.contains { $0.value(figures) == nil } }
        return """
            <div class="wide"><table>
            <thead><tr><th></th>\(heads.joined())</tr><tr><th></th>\(names.joined())</tr></thead>
            <tbody>
            \(body.joined(separator: "\n"))
            <tr class="mean"><th>mean</th>\(means.joined())</tr>
            </tbody>
            </table></div>
            \(hasGaps ? Self.gaps : "")
            """
    }

    private static let gaps = """
        <p class="soft">A cell is empty if there is nothing to count: no reference in time for the instrument, no detected \
        entry, or the instrument is in all or in none of the recordings.</p>
        """

    /// Returns the confusion as a heat map.
    func matrix(_ confusion: Confusion, unit: String, empty: String) -> String {
        let names = confusion.classes
        let order = present.compactMap { figures in names.firstIndex(of: figures.name) }
        let sorted = order + names.indices.filter { !order.contains($0) }
        let rows = sorted.filter { confusion.present[$0] > 0 }
        guard !rows.isEmpty else { return "<p>\(empty)</p>" }
        let columns = sorted.filter { column in rows.contains { confusion.taken[$0][column] > 0 } }
        func cell(_ share: Double, _ kind: String, _ about: String) -> String {
            let percent = Int(saturating: (share * 100).rounded())
            return "<td class=\"\(kind)\" style=\"--share:\(percent)%\" title=\"\(PageText.escaped(about))\">"
                + "\(percent == 0 ? "" : "\(percent)")</td>"
        }
        let head =
            "<tr><th>sounds</th>"
            + columns.map { "<th class=\"turned\"><span>\(PageText.escaped(names[$0]))</span></th>" }
            .joined() + "<th class=\"turned\"><span>nothing</span></th></tr>"
        let body = rows.map { row in
            "<tr><th>\(PageText.escaped(names[row]))</th>"
                + columns.map { column in
                    cell(
                        confusion.share(row, column), column == row ? "right" : "wrong",
                        "\(names[row]) detected as \(names[column])")
                }.joined() + cell(confusion.missed(row), "missed", "\(names[row]) not detected") + "</tr>"
        }
        return """
            <p class="soft">Percent \(unit) in which the instrument at the left was detected as the instrument above; blue is correct, \
            red is wrong, grey is not detected.</p>
            <div class="wide"><table class="matrix">
            \(head)
            \(body.joined(separator: "\n"))
            </table></div>
            """
    }
}
