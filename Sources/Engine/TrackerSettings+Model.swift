// Combines the model's thresholds and the configuration's overrides.

import Configuration
import Events
import Models

extension TrackerSettings {
    /// Creates the settings in force: the model's values, replaced by the configuration's values where it has any.
    init(_ model: ModelDescription, _ settings: EventSettings) throws(EngineError) {
        do throws(EventsError) {
            var instruments = [HysteresisSettings]()
            for (index, instrument) in model.classes.enumerated() {
                let own = settings.override(for: instrument.rawValue)
                let thresholds = (own ?? InstrumentOverride(instrument: instrument.rawValue)).thresholds(
                    modelOn: Double(model.thresholds.on[index]), modelOff: Double(model.thresholds.off[index]))
                instruments.append(
                    try HysteresisSettings(
                        on: Float(thresholds.on), off: Float(thresholds.off),
                        minimumOn: own?.minimumOn ?? settings.minimumOn ?? model.minimumOnMilliseconds[index],
                        minimumOff: own?.minimumOff ?? settings.minimumOff ?? model.minimumOffMilliseconds[index]))
            }
            try self.init(
                instruments: instruments,
                gate: LevelGate.Settings(
                    open: Float(settings.gate ?? model.gateDecibels), hysteresis: Float(settings.gateHysteresis),
                    hold: settings.gateHold, aboveFloor: Float(settings.gateAboveFloor),
                    highestFloor: Float(settings.gateHighestFloor)),
                smoothing: settings.smoothing ?? model.smoothingMilliseconds, activityRate: settings.activityRate,
                delays: model.delays(smoothing: settings.smoothing ?? model.smoothingMilliseconds))
        } catch {
            throw .settings(error)
        }
    }
}
