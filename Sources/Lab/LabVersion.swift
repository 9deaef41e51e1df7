/// The version of the tool.
package enum LabVersion {
    /// As printed.
    package static let text = "0.1.0"
}
