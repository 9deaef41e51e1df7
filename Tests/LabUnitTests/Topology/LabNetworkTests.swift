import Testing

@testable import Lab

@Suite struct LabNetworkTests {
    @Test(arguments: [
        ("hf123-client", Int32?.some(123)), ("hf9-director-a", 9), ("hf-client", nil), ("hf12x3a", nil),
        ("other-1", nil), ("hfab-c", nil), ("hf123", nil),
    ])
    func `a namespace's name tells which process made it, and only a lab's does`(name: String, owner: Int32?)
    {
        #expect(LabNetwork.owner(ofNamespace: name) == owner)
    }
}
