import LinuxIO
import LoadBalancing
import NetTypes
import Testing
import Timekeeping

@testable import KernelNet

@Suite(.serialized, .enabled(if: hasIPVS, "in the guest only")) struct GUEReceiverTests {
    @Test func `GUE is received at a port, and no longer`() throws {
        try TestNetwork.with { network in
            let receiver = try #require(try GUEReceiver.loading())
            let (four, six) = (GUEPort(.inet, 6080), GUEPort(.inet6, 6081))
            #expect(try receiver.ports().isEmpty)
            try receiver.set(four, isReceived: true)
            try receiver.set(six, isReceived: true)
            // Without GUE: somebody else's.
            try network.ip("fou add port 6082 ipproto 4")
            #expect(try receiver.ports() == [four, six])
            #expect(try network.ip("fou show").contains("port 6080 gue"))
            #expect(throws: SystemError.self) { try receiver.set(four, isReceived: true) }
            try receiver.set(four, isReceived: false)
            #expect(try receiver.ports() == [six])
            #expect(throws: SystemError.self) { try receiver.set(four, isReceived: false) }
        }
    }
}
