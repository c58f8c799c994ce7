// `timbre sessions`: lists recorded sessions, and repairs those whose recorder died.

import CommandLine
import Events
import Glibc
import Recording

extension Command {
    static let sessions = Command(
        Verb(
            "sessions", summary: "list recorded sessions, or repair those that were left open",
            discussion: [
                "FOLDER is a session, or the folder that contains sessions (default: the folder in which the "
                    + "running daemon records).",
                "'repair' closes sessions that are open because the recording program was killed: it removes an "
                    + "incomplete block of audio and an incomplete line, and writes the length of the audio and the "
                    + "end in session.json, which it rebuilds if a power failure destroyed it. A valid session is not "
                    + "changed, a session that is being recorded is skipped, and a session that is damaged before its "
                    + "last seconds is refused unless --force is given.",
            ],
            options: [
                .socket,
                Option(
                    "force", help: "with 'repair', remove damaged data even if it is more than the last seconds"),
            ],
            operands: [
                Operand("ACTION", .choice(["list", "repair"]), help: "the action (default: list)", isOptional: true),
                Operand("FOLDER", .file, help: "a session, or the folder that contains sessions", isOptional: true),
            ])
    ) { arguments throws(Failure) in
        let path: String
        if arguments.operands.count > 1 {
            path = arguments.operands[1]
        } else {
            path = try folder(of: Daemon(arguments))
        }
        let sessions = try sessions(in: path)
        if arguments.operands.first == "repair" {
            SessionStore(path: path).removeUnfinished()
            try repair(sessions, force: arguments.flag("force"))
        } else {
            try list(sessions)
        }
    }

    private static func sessions(in path: String) throws(Failure) -> [SessionFolder] {
        let one = SessionFolder(path: path)
        if access(one.manifest, F_OK) == 0 { return [one] }
        do throws(RecordingError) {
            return try SessionStore(path: path).sessions()
        } catch {
            throw Failure(error.description, .noInput)
        }
    }

    private static func folder(of daemon: Daemon) throws(Failure) -> String {
        let answer = try daemon.ask("record", [.init("action", .string("status"))])
        return answer.first { $0.name == "folder" }?.value.text ?? ""
    }

    private static func list(_ sessions: [SessionFolder]) throws(Failure) {
        var rows: [[String]] = []
        var faults = 0
        for folder in sessions {
            do throws(RecordingError) {
                rows.append(row(folder, try SessionReader.manifest(of: folder)))
            } catch {
                // The recorder may remove old sessions in the meantime.
                guard access(folder.path, F_OK) == 0 else { continue }
                faults += 1
                Output.complain("timbre sessions: \(error)")
            }
        }
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = zip(row, widths).map { fitted($0, $1) }
            try Output.line(cells.joined(separator: "  "))
        }
        if faults > 0 { throw Failure("\(faults) of \(sessions.count) sessions cannot be read", .data) }
    }

    /// Returns the cells of a row: "2026-11-21T094253Z-main  0:07  44100 Hz x 1  0.3 MB  closed  tone:440  asked"
    private static func row(_ folder: SessionFolder, _ manifest: SessionManifest) -> [String] {
        let frames = manifest.frames ?? folder.framesSoFar
        let state =
            manifest.state != .open
            ? manifest.state.rawValue : folder.isBeingRecorded ? "recording" : "left open: repair it"
        return [
            folder.name, padded(clock(Double(frames) / Double(manifest.rate)), 7),
            "\(manifest.rate) Hz x \(manifest.channels)",
            padded(fixed(Double(folder.bytes) / 1e6, decimals: 1), 7) + " MB",
            state, manifest.source, manifest.trigger,
        ]
    }

    private static func repair(_ sessions: [SessionFolder], force: Bool) throws(Failure) {
        var faults = 0
        for folder in sessions {
            let outcome: String
            do throws(RecordingError) {
                let changes = try SessionRepair(mending: folder, force: force).changes
                outcome = changes.isEmpty ? "in order" : changes.joined(separator: ", ")
            } catch {
                guard case .inUse = error else {
                    guard access(folder.path, F_OK) == 0 else { continue }
                    faults += 1
                    Output.complain("timbre sessions: \(error)")
                    continue
                }
                outcome = "is being recorded"
            }
            try Output.line("\(folder.name): \(outcome)")
        }
        if faults > 0 { throw Failure("\(faults) of \(sessions.count) sessions could not be repaired", .data) }
    }
}
