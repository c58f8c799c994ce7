// Finds the name somebody probably meant.

/// Suggestions for misspelt names.
public enum NearestName {
    /// "did you mean X?" when a known name is near, else the list of the known ones.
    public static func remedy(for name: String, among known: [String]) -> String {
        let near = known.map { (name: $0, distance: distance(name, $0)) }.min { $0.distance < $1.distance }
        if let near, near.distance <= max(2, near.name.count / 3) { return "did you mean \(near.name)?" }
        return "known are \(known.joined(separator: ", "))"
    }

    /// Levenshtein's distance: the fewest insertions, deletions and replacements that make one of the other.
    public static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a.utf8.prefix(64))
        let b = Array(b.utf8.prefix(64))
        var row = Array(0...b.count)
        for i in a.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}
