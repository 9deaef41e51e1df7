import LoadBalancing
import NetTypes
import Testing

@Suite struct ServiceChangeTests {
    @Test func `settings are told where they are not the default`() {
        var service = kernelService()
        service.persistence = Persistence(timeoutSeconds: 360, prefixLength: 32)
        #expect(service.settingsText == "scheduler rr, persistent 360 s")
        service.persistence = Persistence(timeoutSeconds: 50, prefixLength: 24)
        #expect(service.settingsText == "scheduler rr, persistent 50 s /24")
        service.persistence = Persistence(timeoutSeconds: 50, mask: 0xFF00_FF00)
        #expect(service.settingsText == "scheduler rr, persistent 50 s mask 255.0.255.0")
    }

    @Test func `every change knows its service`() {
        let (service, destination) = (kernelService(), destination(21))
        let changes: [ServiceChange] = [
            .addService(service), .editService(from: service, to: service), .deleteService(service.identity),
            .addDestination(destination, to: service.identity),
            .editDestination(from: destination, to: destination, of: service.identity),
            .deleteDestination(destination.endpoint, from: service.identity),
        ]
        #expect(changes.allSatisfy { $0.service == service.identity })
    }

    @Test func `forwarding is told in the configuration's words`() {
        #expect(
            "\(ForwardingMethod.masquerade) \(ForwardingMethod.tunnel) \(ForwardingMethod.directRouting)"
                == "NAT TUN DR")
    }
}
