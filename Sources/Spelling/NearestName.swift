// Finds the name that a misspelt one probably means.

/// Suggestions for misspelt names.
public enum NearestName {
    /// So many characters of a name are looked at.
    private static let longest = 64

    /// The candidate closest to `name` by edit distance; nil when none is close enough to be a slip of the finger.
    public static func nearest(to name: String, among candidates: [String]) -> String? {
        let length = min(name.unicodeScalars.count, longest)
        var near: (name: String, distance: Int)?
        for candidate in candidates {
            // The lengths differ by no more than the names.
            let others = min(candidate.unicodeScalars.count, longest)
            let limit = max(1, candidate.count / 3)
            guard abs(length - others) <= limit else { continue }
            let distance = distance(name, candidate)
            if distance <= limit, distance < near?.distance ?? .max { near = (candidate, distance) }
        }
        return near?.name
    }

    /// "did you mean X?" when a known name is near, else the list of the known ones.
    public static func remedy(for name: String, among known: [String]) -> String {
        nearest(to: name, among: known).map { "did you mean \($0)?" }
            ?? "expected one of \(known.joined(separator: ", "))"
    }

    /// Insertions, deletions, substitutions and neighbour swaps that make one of the other (optimal string alignment
    /// distance), of the first 64 characters of each; in Unicode scalars.
    static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a.unicodeScalars.prefix(longest)), Array(b.unicodeScalars.prefix(longest)))
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
