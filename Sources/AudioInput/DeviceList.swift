// The list of the devices that are present on this machine.

/// A source that is present now, as `timbre devices` shows it.
public struct Device: Equatable, Sendable {
    /// The name for a configuration. It does not depend on the order in which devices are connected.
    public var name: String
    /// A description for display, on one line.
    public var label: String
}

/// The devices of all backends.
public struct DeviceList: Sendable {
    /// The devices, backend by backend.
    public private(set) var devices: [Device] = []
    /// The errors of backends whose sound system does not run or does not answer.
    public private(set) var problems: [AudioInputError] = []

    /// Queries every backend. Allocates and blocks, for at most two seconds per backend; real-time threads must not
    /// call it.
    public init() { self.init(Backend.all) }

    init(_ backends: [Backend]) {
        for backend in backends {
            do throws(AudioInputError) {
                devices += try backend.list?() ?? []
            } catch {
                problems.append(error)
            }
        }
    }
}
