import Timekeeping

extension [LaneSpan] {
    /// The spans inside `from...to`, cut at its ends, in order, where neighbours too short to be seen are one
    /// span: of their tone if they agree, else mixed. A single short span between long ones stays, since one
    /// failed request matters. At most 2 * (to - from) / shortest + 3 spans remain, if spans do not overlap.
    func merged(from: Interval, to: Interval, shortest: Interval) -> [LaneSpan] {
        let inside = compactMap { span -> LaneSpan? in
            var span = span
            span.from = Swift.max(span.from, from)
            span.to = Swift.min(span.to, to)
            return span.to > span.from ? span : nil
        }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
        var merged: [LaneSpan] = []
        var isGroup = false
        for span in inside {
            let isShort = span.to - span.from < shortest
            if let last = merged.last,
                isShort && isGroup || last.tone == span.tone && last.label == span.label,
                span.from - last.to < shortest
            {
                merged[merged.count - 1].to = Swift.max(last.to, span.to)
                if last.tone != span.tone { merged[merged.count - 1].tone = .mixed }
                if last.label != span.label { merged[merged.count - 1].label = "" }
                isGroup = isGroup && isShort
            } else {
                merged.append(span)
                isGroup = isShort
            }
        }
        return merged
    }
}

extension [LaneTick] {
    /// The ticks inside `from...to`, in order, without those closer than `shortest` to the one before of the
    /// same tone.
    func thinned(from: Interval, to: Interval, shortest: Interval) -> [LaneTick] {
        var last: [Tone: Interval] = [:]
        return filter { $0.at >= from && $0.at <= to }.sorted { $0.at < $1.at }.filter { tick in
            if let before = last[tick.tone], tick.at - before < shortest { return false }
            last[tick.tone] = tick.at
            return true
        }
    }
}
