// Layers that remember nothing.

/// A layer without state, for which all streams are the same.
package protocol StatelessLayer: Layer {}

extension StatelessLayer {
    package func addLane() {}
    package func reset(lane: Int) {}
}
