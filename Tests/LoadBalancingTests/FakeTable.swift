import LoadBalancing
import NetTypes

/// An IPVS table that refuses what the kernel refuses, and what Holdfast must never do.
struct FakeTable {
    enum Refusal: Error, Equatable {
        case serviceExists, noSuchService, destinationExists, noSuchDestination, carriesDestinations
    }

    private(set) var services: [ServiceIdentity: IPVSService]

    init(_ services: [IPVSService]) {
        self.services = Dictionary(uniqueKeysWithValues: services.map { ($0.identity, $0) })
    }

    mutating func apply(_ change: ServiceChange) throws(Refusal) {
        switch change {
        case .addService(let service):
            guard service.destinations.isEmpty else { throw .carriesDestinations }
            guard services[service.identity] == nil else { throw .serviceExists }
            services[service.identity] = service
        case .editService(let old, let new):
            guard new.destinations.isEmpty, old.destinations.isEmpty else { throw .carriesDestinations }
            guard let present = services[new.identity], present.settings == old else { throw .noSuchService }
            var edited = new
            edited.destinations = present.destinations
            services[new.identity] = edited
        case .deleteService(let identity):
            guard services.removeValue(forKey: identity) != nil else { throw .noSuchService }
        case .addDestination(let destination, let identity):
            guard services[identity] != nil else { throw .noSuchService }
            guard services[identity]?.destinations[destination.endpoint] == nil else {
                throw .destinationExists
            }
            services[identity]?.destinations[destination.endpoint] = destination
        case .editDestination(let old, let new, let identity):
            guard old.endpoint == new.endpoint, services[identity]?.destinations[old.endpoint] == old else {
                throw .noSuchDestination
            }
            services[identity]?.destinations[new.endpoint] = new
        case .deleteDestination(let endpoint, let identity):
            guard services[identity]?.destinations.removeValue(forKey: endpoint) != nil else {
                throw .noSuchDestination
            }
        }
    }
}
