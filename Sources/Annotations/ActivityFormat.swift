// The file formats of activities, by name.

/// A format for arrays of activities.
public enum ActivityFormat: String, CaseIterable, Sendable {
    /// NumPy's archive of arrays: `activities` (float32, [T, classes]), `times` (float64, [T]), `classes` and `model`.
    case npz
    /// A table with a column `time` and one for each class.
    case csv = "activities-csv"

    /// Returns the file's bytes; nil when they exceed the limit of the format, which is 4 GiB for `npz`.
    public func encode(_ table: ActivityTable) -> [UInt8]? {
        switch self {
        case .npz:
            ZipWriter.encode([
                (
                    "activities.npy",
                    NumpyFile.encode(table.levels, shape: [table.times.count, table.classes.count])
                ),
                ("times.npy", NumpyFile.encode(table.times)), ("classes.npy", NumpyFile.encode(table.classes)),
                ("model.npy", NumpyFile.encode([table.model], isScalar: true)),
            ])
        case .csv: ActivityCSVWriter.encode(table)
        }
    }
}
