/// Why the lab could not do its work, as one sentence for the operator.
package struct LabError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence, without a full stop.
    package let description: String

    /// The failure that `description` tells.
    package init(_ description: String) { self.description = description }
}
