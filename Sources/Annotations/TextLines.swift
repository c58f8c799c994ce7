// A text file as numbered lines, for every line-based reader.

import WholeFiles

/// The lines of a file, counted from 1.
struct TextLines {
    /// One line without its end.
    struct Line {
        let number: Int
        let text: Substring
    }

    /// All lines, including empty ones.
    let lines: [Line]

    /// Removes a byte order mark and carriage returns; throws when the bytes are not UTF-8 text.
    init(_ bytes: [UInt8], file: String) throws(AnnotationsError) {
        var lines: [Line] = []
        for part in bytes.withoutByteOrderMark.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let line = part.last == 0x0D ? part.dropLast() : part
            guard let text = String(validating: line, as: UTF8.self), !line.contains(0) else {
                throw .line(file: file, line: lines.count + 1, problem: "the line is not UTF-8 text")
            }
            lines.append(Line(number: lines.count + 1, text: text[...]))
        }
        self.lines = lines
    }

    /// The lines that contain more than white space.
    var filled: [Line] { lines.filter { !$0.text.allSatisfy(\.isWhitespace) } }
}
