import ConfigSyntax
import LoadBalancing

/// What a reading leaves for the next one: of most services the text will be the same, and then so is all
/// that came of it, as long as everything but services is the same, too.
struct ServiceMemory: Sendable {
    /// A service that was read without an error.
    struct Service: Sendable {
        /// Its place among those of the draft and of the configuration.
        let place: Int
        /// What was said of it; only about its own block.
        let findings: [Diagnostic]
        /// How much more was counted alone, since there was no room for it.
        let dropped: Int
    }

    /// By the number of the piece that the service's block is.
    fileprivate(set) var services: [Int32: Service] = [:]
    fileprivate(set) var blocks = KnownBlocks(of: Scope.virtualServer.rawValue)
    /// The text of all other statements.
    fileprivate(set) var others: [ArraySlice<UInt8>] = []
    /// How many services were taken over from the reading before.
    fileprivate(set) var takenOver = 0
    /// What `@ID` lines were decided by.
    fileprivate(set) var configID = ""

    /// Nothing can be remembered.
    var isEmpty: Bool { services.isEmpty }
}

/// One reading of a file and of what it includes, which takes over from a former one what has not changed.
struct ConfigurationReading {
    private enum Service {
        case written(Statement)
        case known(ServiceMemory.Service)
    }

    private let former: LoadResult?
    private let configID: String
    private var loader: SyntaxLoader
    private var reader: SchemaReader
    private var draft = ConfigurationDraft(start: Span(file: 0, start: 0, end: 0))
    private var hasStatements = false
    /// Services are read last, since what they inherit may be written after them; and one by one, since there
    /// may be a hundred thousand real servers.
    private var waiting: [Service] = []
    private var services: [VirtualServer] = []
    private var memory = ServiceMemory()
    /// False when something was taken over that is not so any more, and the outcome is worth nothing.
    private(set) var isSound = true

    /// A reading that takes over what it can from `former`, which was one in the same surroundings.
    init(_ surroundings: Surroundings, _ problem: @escaping PatternExaminer, after former: LoadResult?) {
        self.former = former
        configID = surroundings.configID
        let known = former.map(\.memory.blocks) ?? memory.blocks
        loader = SyntaxLoader(surroundings, hints: Schema.hints, known: known)
        reader = SchemaReader(diagnostics: Diagnostics(), problem: problem)
    }

    /// Reads all but services. False when nothing may be taken over: something else than services has
    /// changed, or what a service says depends on more than its text.
    mutating func begin(_ path: String) -> Bool {
        loader.open(path: path)
        while !reader.diagnostics.isOverrun, let part = loader.nextPart() {
            hasStatements = true
            switch part {
            case .statement(let statement) where statement.keyword.text == Scope.virtualServer.rawValue:
                guard hasRoom(at: statement.header) else { break }
                waiting.append(.written(statement))
                continue
            case .statement(let statement):
                reader.read(statement, as: RootGrammar.table, into: &draft)
                continue
            case .known(let piece):
                guard let known = former?.memory.services[piece] else { return false }
                waiting.append(.known(known))
                continue
            }
            break
        }
        guard let former else { return true }
        return loader.isPlain && loader.others == former.memory.others && configID == former.memory.configID
            && waiting.count <= ConfigurationLoader.maximumServices
    }

    private mutating func hasRoom(at place: Span) -> Bool {
        guard waiting.count >= ConfigurationLoader.maximumServices else { return true }
        reader.report(
            .tooLarge, "more than \(ConfigurationLoader.maximumServices) virtual servers", at: place)
        return false
    }

    /// Reads services, and looks at the whole.
    mutating func finish() -> LoadResult {
        reader.diagnostics = loader.diagnostics.followed(by: reader.diagnostics)
        // What is missing outside every block may be any block.
        if draft.origin.isPartial { draft.global.origin.isPartial = true }
        draft.adoptSyncInterface(&reader)
        draft.index()
        let mayRemember = loader.isPlain && loader.diagnostics.all.isEmpty
        waiting.reverse()
        services.reserveCapacity(waiting.count)
        let known = SemanticCheck.KnownPlaces(draft)
        while isSound, !reader.diagnostics.isOverrun, let service = waiting.popLast() {
            let before = (count: reader.diagnostics.all.count, dropped: reader.diagnostics.dropped)
            switch service {
            case .written(let statement): read(statement, known)
            case .known(let known): takeOver(known)
            }
            guard mayRemember else { continue }
            remember(
                Array(reader.diagnostics.all[before.count...]), reader.diagnostics.dropped - before.dropped)
        }
        draft.nameVirtualInterfaces()
        SemanticCheck.run(draft, &reader)
        let model = reader.isComplete ? Configuration(draft, services) : nil
        let found = reader.diagnostics.written(in: loader.sources).allowed(by: loader.sources)
        if model != nil { (memory.others, memory.configID) = (loader.others, configID) }
        return LoadResult(
            configuration: found.hasErrors ? nil : model, model: model, diagnostics: found.sorted,
            dropped: found.dropped, sources: loader.sources, draft: hasStatements ? draft : nil,
            memory: model == nil ? ServiceMemory() : memory)
    }

    private mutating func read(_ statement: Statement, _ known: SemanticCheck.KnownPlaces) {
        let count = draft.virtualServers.count
        reader.read(statement, as: RootGrammar.table, into: &draft)
        guard draft.virtualServers.count > count, var service = draft.virtualServers.popLast() else { return }
        ServiceGroupChecks.attach(to: &service, in: &draft, &reader)
        SemanticCheck.run(service, in: draft, known, &reader)
        if reader.isComplete, let server = VirtualServer(service, in: draft) { services.append(server) }
        draft.take(&service)
    }

    private mutating func takeOver(_ known: ServiceMemory.Service) {
        guard let draft = former?.draft?.virtualServers[known.place],
            let service = former?.model?.virtualServers[known.place],
            // There may be room now for what was only counted.
            reader.diagnostics.repeat(known.findings, dropped: known.dropped)
        else {
            isSound = false
            return
        }
        services.append(service)
        self.draft.takeAgain(draft)
        memory.takenOver += 1
    }

    /// Keeps the latest service in mind, if its text says all: how many members a group may have depends on
    /// the services before, and what is said about other places moves with those.
    private mutating func remember(_ findings: [Diagnostic], _ dropped: Int) {
        let place = draft.virtualServers.count - 1
        guard place >= 0, services.count == place + 1 else { return }
        let piece = draft.virtualServers[place].origin.header.file
        if case .group = draft.virtualServers[place].header?.value { return }
        guard findings.allSatisfy({ $0.labels.allSatisfy { $0.span.file == piece } }),
            memory.services[piece] == nil, let text = loader.sources.text(of: piece)
        else { return }
        memory.services[piece] = ServiceMemory.Service(place: place, findings: findings, dropped: dropped)
        memory.blocks.add(piece, text: text)
    }
}
