// The histories of all streams of a layer.

/// The histories of the streams of a layer, one for each lane.
struct Histories<Element: BitwiseCopyable> {
    private var lanes: [History<Element>]
    private let make: () -> History<Element>

    init(frameSize: Int, past: Int, maximumFrames: Int, fill: Element) {
        make = { History(frameSize: frameSize, past: past, maximumFrames: maximumFrames, fill: fill) }
        lanes = [make()]
    }

    mutating func addLane() { lanes.append(make()) }

    func reset(lane: Int) { lanes[lane].reset() }

    /// Makes room for the frames of a block. Calls `body` for each part of the block whose frames are contiguous in
    /// memory, with the address of the first of them, its index in the block, and their number.
    @inline(__always)
    func append(_ block: Block, _ body: (UnsafeMutablePointer<Element>, _ index: Int, _ frames: Int) -> Void) {
        switch block {
        case .run(let lane, let frames): body(lanes[lane].append(frames), 0, frames)
        case .row(let rows): for index in 0..<rows.count { body(lanes[rows[index]].append(1), index, 1) }
        }
    }
}
