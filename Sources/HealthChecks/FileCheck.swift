/// `FILE_CHECK`: a number in a file says whether the server is up, or changes its weight. Nothing is probed:
/// who reads the file judges it, as keepalived 2.2.7 does (measured).
package struct FileCheck: Hashable, Sendable, Codable {
    /// What a number says.
    package struct Judgement: Hashable, Sendable {
        /// What the check says.
        package var verdict: Verdict
        /// What is added to the server's weight, within Int32; nil when the number says up or down.
        package var change: Int32?
    }

    /// `track_file`: what the file is called.
    package var name: String
    /// `weight`: what the number is multiplied by, ±2147483647; with 0 a number other than 0 is a failure.
    package var weight: Int
    /// `weight ... reverse`: the number counts the other way; with weight 0 the number 0 is the failure.
    package var isReversed: Bool

    /// A check of the number in the file of this name.
    package init(name: String, weight: Int = 1, isReversed: Bool = false) {
        self.name = name
        self.weight = weight
        self.isReversed = isReversed
    }

    /// What this number says.
    package func judge(_ number: Int32) -> Judgement {
        guard weight != 0 else {
            return Judgement(verdict: (number != 0) == isReversed ? .up : .down, change: nil)
        }
        let (product, isLarge) = Int64(number).multipliedReportingOverflow(by: Int64(weight))
        let change = isLarge ? Int64.max : isReversed ? -product : product
        return Judgement(verdict: .up, change: Int32(clamping: change))
    }

    /// The same as the result of a probe, for people.
    package func result(_ number: Int32) -> ProbeResult {
        let judgement = judge(number)
        let change = judgement.change.map { ", weight \($0 < 0 ? "" : "+")\($0)" } ?? ""
        // The number first: a text is cut, and two numbers must not read the same.
        return ProbeResult(
            judgement.verdict == .up ? .fileSaysUp : .fileSaysDown, "\(number) in track_file \(name)\(change)"
        )
    }
}

extension CheckSpecification.Kind {
    /// Somebody has to make probes for it.
    package var isProbed: Bool { if case .file = self { false } else { true } }
}
