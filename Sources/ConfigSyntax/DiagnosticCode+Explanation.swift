/// What a finding takes into account.
package enum DiagnosticLevel: String, Hashable, Sendable {
    /// The files alone: the same everywhere.
    case file
    /// The files and the host that they are to run on.
    case host
    /// Two directors' files against each other.
    case pair
}

extension DiagnosticCode {
    /// Area 6 compares two directors, area 7 looks at the host.
    package var level: DiagnosticLevel {
        switch rawValue.utf8.dropFirst().first {
        case UInt8(ascii: "6"): .pair
        case UInt8(ascii: "7"): .host
        default: .file
        }
    }

    /// Why it matters, for people: what would happen to packets, elections or checks.
    package var explanation: String { Self.explanations[self] ?? "" }

    private static let explanations: [DiagnosticCode: String] = files.merging(structure) { $1 }
        .merging(values) { $1 }.merging(elections) { $1 }.merging(services) { $1 }.merging(guards) { $1 }
        .merging(pairs) { $1 }.merging(hosts) { $1 }.merging(notifications) { $1 }

    private static let files: [DiagnosticCode: String] = [
        .unreadableFile:
            "What the file would have configured is missing: instances or servers would be gone at the "
            + "next reload.",
        .emptyFile:
            "A director without configuration holds no address and balances nothing; most often the "
            + "path is wrong.",
        .binaryFile:
            "The file holds octets that no editor writes into text; it is most likely not a configuration.",
        .badCharacter:
            "A control character or broken UTF-8 in a name makes it differ from the same name elsewhere.",
        .overlongLine: "A line this long is a missing line end; keepalived drops it and goes on without it.",
        .unterminatedString:
            "Where a string ends decides where the command in it ends, and what the next word means.",
        .tooLarge:
            "Reading is bounded, so that a wrong path cannot fill the memory of a director that must "
            + "keep running.",
        .includeLoop: "A file that includes itself never ends.",
        .badConditional: "A line for a config-id that is not there counts on no director, or on every one.",
        .badDefinition:
            "A definition that is not taken leaves its uses as they are, as literal text in addresses "
            + "and names.",
        .undefinedName:
            "The reference would stay in the word as text: no address, interface or number reads like that.",
        .undefinedWord:
            "A name that begins with \"$\" is seldom meant, and nothing else tells that a definition is "
            + "missing.",
        .definitionLoop: "A definition that uses itself never ends.",
        .badRepetition: "A repetition that cannot be read would leave out every line it stands for.",
        .expansionTooLarge:
            "Definitions that use each other can grow without end; a director must not die of its file.",
        .bareReference:
            "$NAME ends only at a blank. Here it would stay as text, and the value would not be the "
            + "defined one.",
        .noMatchingFile: "The file says that something must be included here, and there is nothing.",
        .undefinedInString:
            "Perhaps the program is to see a dollar sign; if a definition is meant, it is not replaced.",
        .gluedComment:
            "A value that was to hold the character ends here; write \\# or \\!, or put it in quotes.",
        .unfilledTemplate:
            "The file is a template, or was made by one that did not know the name: the text in the braces "
            + "is no address and no number, and keepalived takes each brace for a block.",
        .uselessPattern:
            "Whatever was meant to be included is not: the directory is empty, cannot be read, or is another "
            + "one, since a pattern is looked for beside the file that names it.",
    ]

    private static let structure: [DiagnosticCode: String] = [
        .unknownKeyword:
            "keepalived skips an unknown keyword and goes on. A misspelt check leaves its server unchecked, "
            + "and up for ever: clients are sent to a server that may be dead.",
        .missingOpeningBrace: "Without the brace the lines of the block would count in the block around it.",
        .unclosedBlock: "Everything after the block would be read as part of it.",
        .extraClosingBrace:
            "The brace closes a block too early: what follows would count in the block around it, or "
            + "nowhere.",
        .unsupportedKeyword:
            "Without what the keyword does, traffic or who is master would not be as written. The file is "
            + "refused rather than run as something else.",
        .misplacedKeyword: "The keyword has no meaning here; most often the block before it was not closed.",
        .nestedTooDeep: "No configuration nests blocks this deep: braces are out of balance.",
        .blockWithoutKeyword: "Nothing says what the block is for.",
        .missingBlock: "The keyword says nothing without its block.",
        .unexpectedBlock: "The keyword takes no block: what stands in it would have no effect.",
        .missingKeyword: "The block cannot work without this keyword.",
        .keywordWithoutEffect:
            "The file runs, and nothing that clients or the other director notice depends on the keyword.",
        .obsoleteKeyword: "Only old files have the keyword; it can be taken out.",
    ]

    private static let values: [DiagnosticCode: String] = [
        .missingValue: "keepalived would take a default, or the next line.",
        .unexpectedWord:
            "Words left over are most often a keyword that lost its line end: it would have no effect.",
        .invalidNumber: "keepalived reads as far as it can: 1O becomes 1.",
        .outOfRange:
            "The value does not fit where it goes: into a field of a packet or of the kernel's table.",
        .invalidAddress:
            "keepalived leaves the line out. A virtual address that is left out answers to nobody.",
        .unknownChoice:
            "keepalived falls back without a word: an unknown lb_kind becomes NAT, and answers take "
            + "another way.",
        .invalidName: "The name cannot be one of its kind in the kernel.",
        .invalidMAC: "The address would match no packet.",
        .invalidCommand:
            "Programs are run by absolute path and without a shell, so that nothing on the way can be "
            + "replaced.",
        .invalidPattern: "No page would ever match: the check would fail, and the server would be down.",
        .unsupportedValue:
            "Without what the value asks for, traffic or who is master would not be as written.",
        .givenTwice: "Only the last one counts; the first was perhaps meant for another block.",
        .implicitHostPrefix:
            "Without a length the address is a host address: the kernel adds no route to its network.",
    ]

    private static let elections: [DiagnosticCode: String] = [
        .duplicateRouterID:
            "Two routers with one VRID on an interface take each other's adverts for their own peer's: "
            + "one of them stays backup for ever.",
        .duplicateInstance: "Names tell instances apart in logs, in sync daemons and in commands.",
        .duplicateVirtualAddress:
            "Each election moves its addresses. Who loses one would take the address from who won "
            + "the other.",
        .tooManyAddresses: "An advert counts its addresses in one octet.",
        .advertisementInterval:
            "An advert says its interval in whole seconds (version 2) or hundredths (version 3). "
            + "A rounded one differs from the peer's, and a backup drops what differs: two masters.",
        .incompleteAuthentication:
            "Half an authentication matches no peer: every advert is dropped, and there are two masters.",
        .mixedAddressFamilies:
            "An advert lists addresses of one family and travels over it: another one's could not be sent, "
            + "or not be heard.",
        .duplicateVirtualInterface:
            "An interface has one name and one Ethernet address: two virtual routers cannot share it, and it "
            + "cannot stand on itself.",
        .forbiddenByStrict:
            "Strict mode is what the RFCs say and no more. keepalived leaves such a word without effect: the "
            + "director does something else than its file says.",
        .preemptionWithoutSync:
            "A director that comes back knows no connection. How long the other one takes to tell it of all "
            + "that are in use follows from the sync daemon and its refresh period.",
        .sparseSync:
            "A connection with few packets is not told of in time: it ends when the director takes over.",
        .longSyncWait:
            "So long a director that comes back leaves the work to a lesser one. A shorter refresh period "
            + "misses only connections that have no packet in it.",
        .peerIsOneself:
            "A director drops its own adverts. The peer that was meant hears nothing, and there are two "
            + "masters.",
        .duplicatePeer: "The peer would count every advert twice; perhaps another one was meant.",
        .transportIgnored: "Adverts go to a group or to peers, never to both.",
        .noPeer: "Nobody is told by unicast. A peer that expects it hears nothing, and becomes master, too.",
        .versionOfFamily: "RFC 3768 knows IPv4 alone; keepalived speaks version 3 over IPv6, too.",
        .firstAddressNotLinkLocal:
            "Routers that go by RFC 9568 drop an IPv6 advert whose first address is not link-local: "
            + "both become master.",
        .passwordCut:
            "An advert carries eight octets of password. A peer that cuts otherwise drops every advert.",
        .authenticationIgnored: "Version 3 adverts carry no password: anybody on the segment can send them.",
        .preemptionCleared:
            "A director that starts as master has already taken the addresses when preemption is decided.",
        .impliedOwner:
            "Priority 255 says that the addresses belong to this router's interface: it never yields.",
        .addressOfNetwork:
            "No host answers at it: clients on the same network treat it as broadcast, others are refused.",
        .repeatedAddress:
            "The kernel has an address of one length once on an interface, whatever its label. The adverts "
            + "list it as often as it is written, and a peer that compares lists must have the same.",
        .refusedService:
            "What no_accept drops is dropped before IPVS sees it: the service is there, and answers nobody.",
        .strictMode:
            "A router of the RFC forwards for its virtual address and does not answer to it. A balancer is "
            + "reached at that address: in strict mode every client is refused.",
        .claimsOwnership:
            "Priority 255 says that the addresses belong to this router's interface. It becomes master at "
            + "once, whoever is master, and never yields.",
        .unknownTracked: "What is tracked would never be looked at, and this director never yields for it.",
        .duplicateTracked: "A line that tracks the name could mean either.",
        .unknownMember:
            "The group would be master without the instance: half of what clients use stays elsewhere.",
        .memberOfTwoGroups: "An instance can follow one group; the other would wait for it for ever.",
        .duplicateGroup: "Log lines and notifications of the two could not be told apart.",
        .trackedTwice: "Only one weight can count.",
        .weightWithoutEffect:
            "The owner of the addresses has priority 255 whatever fails, so no peer would take over.",
        .memberWeightIgnored:
            "Instances of one group must have one priority towards each peer, or each director wins some "
            + "of them and none gets the group.",
        .groupOfOne: "A group keeps instances together; perhaps one was forgotten.",
        .narrowWeight:
            "A failure is to make the other director master. With so small a weight this director's "
            + "priority stays above, or below, the other's, unless the two are that close.",
        .neverTracked: "It looks like protection, but nobody acts on it.",
        .delayCut:
            "A director whose link is down hears nobody: before it is master for that, the loss of the "
            + "link must count.",
        .timeoutAboveInterval:
            "The next run waits for the end of this one: a program that hangs is noticed after the timeout, "
            + "not after the interval.",
        .ruleWithoutPreference:
            "Rules are asked in the order of their preference. One without is given 16384, the next one a "
            + "smaller number, as keepalived does: the last one written is asked first.",
    ]

    private static let services: [DiagnosticCode: String] = [
        .portTranslation:
            "Direct routing changes the MAC address of a packet and tunnelling wraps it: the port inside "
            + "stays, so the server must listen on the service's port. keepalived sends traffic there "
            + "without a word.",
        .duplicateVirtualServer:
            "The kernel holds one service for an address, port and protocol: the second would change "
            + "or fail the first.",
        .duplicateRealServer:
            "The kernel holds one destination for an address and port: weights and checks of two would "
            + "fight.",
        .protocolMissing: "The service would be UDP, and TCP connections to it would be refused.",
        .mixedFamilies:
            "A packet of one family reaches a server of the other only in a tunnel, and the kernel has no "
            + "connection sync beside such a server.",
        .realServerIsVirtual:
            "Whoever is master has the address: the packet would be for the director itself, and no other "
            + "machine ever gets it.",
        .noRealServer: "Clients would be refused: there is nothing to send their packets to.",
        .checkWithoutPort:
            "The check would connect to port 0, fail, and the server would never get a connection.",
        .unknownSyncInstance:
            "The sync daemon would never learn who is master, and connections would not be sent.",
        .quorumAboveWeight:
            "With every server up the quorum would still be missed, and the sorry server would take all.",
        .neverChecked:
            "A server that nobody asks is up for ever: when it dies, its share of clients gets no answer.",
        .protocolIgnored: "Whatever carries the mark is balanced, of every protocol.",
        .checkOfOtherProtocol:
            "A server may accept TCP and be dead for the service's protocol, or the other way.",
        .defaultScheduler: "wlc sends to the server with the fewest connections for its weight.",
        .defaultForwarding:
            "NAT needs the director as the servers' gateway: otherwise answers leave with the wrong address.",
        .impliedPersistence:
            "A service for every port must keep a client on one server, or control and data connections "
            + "part.",
        .addressWithoutInstance:
            "Clients reach the service only where its address is; nothing here moves it on a failure.",
        .sorryServerPort: "The port decides what answers while no real server is up.",
        .foreignNetwork:
            "Direct routing hands the packet over with the server's MAC address: the server must be on a "
            + "network of the director. Through a router the packet comes back or is lost.",
        .retriesAboveLoop:
            "The attempts take longer than the time to the next probe: a dead server stays up longer than "
            + "delay_loop makes believe.",
        .urlWithoutCriterion:
            "A server that answers at all is taken for good: an error page with status 200 keeps clients "
            + "coming.",
        .timeoutAboveLoop:
            "The next probe waits for the end of this one: a dead server is found after the time out, not "
            + "after delay_loop.",
        .noWeight: "A weight of 0 means no new connections: every client is refused.",
        .contradictingFamily: "Packets of the other address family would never meet the service.",
        .thresholdOrder:
            "The kernel stops giving connections at the upper threshold and begins again below the lower: "
            + "the wrong way round, the upper one does nothing.",
        .unknownServiceGroup:
            "The group holds the addresses: without it there is nothing to balance, and clients are refused.",
        .duplicateServiceGroup: "A virtual_server finds its group by the name.",
        .emptyServiceGroup: "A group without members is a service without an address.",
        .tooManyMembers: "Each member is a service of the kernel, with all real servers of its own.",
        .bodyOfHead: "An answer to HEAD has no body: what is asked of it is never there.",
        .halfAnIdentity: "A server that asks for a certificate wants proof, which only the key gives.",
        .natBesideFullNAT:
            "What FULLNAT rewrites is what IPVS masquerades in the service, whichever server it goes to.",
        .fullNATWithoutConntrack:
            "IPVS keeps netfilter out of its connections unless told otherwise, and netfilter rewrites the "
            + "source: servers would answer clients themselves, who expect the virtual address.",
        .fullNATOfOnePacket:
            "With ops IPVS forgets a connection with its packet, so that nothing knows whose source to "
            + "rewrite: servers would answer clients themselves, who expect the virtual address.",
        .fullNATOfFTP:
            "FTP's data connections have other ports, and are not rewritten: servers answer them past the "
            + "director. The control connection works, transfers do not.",
        .masqueradedSource:
            "Each director has another address: after a failover servers get packets of connections that "
            + "they do not know, and reset them.",
        .sourceWithoutInstance:
            "Servers answer to that address. While it is on the other director, or nowhere, nothing works.",
        .retryBesideFall: "The two words are for one number, and a reader takes the wrong one.",
        .memberIsRealServer:
            "A packet for the server's own address never passes the director: this member is balanced "
            + "nowhere, or the director answers for the server and sends to itself.",
        .unusedServiceGroup: "The addresses are balanced by nobody: clients are refused.",
        .replyLengths: "Every reply would be a failure, and the server would never come up.",
        .sourceOfOtherFamily: "The probe could never connect, and the server would never come up.",
        .hysteresisAboveQuorum:
            "The quorum would be lost only with the last server, and the sorry server would come too late.",
        .flagWithoutEffect: "The flag's bit means something else to another scheduler, so it is not set.",
        .optionWithoutKeyword:
            "It is about something that is not asked for: the check is weaker than it looks.",
        .noSorryServer: "Nothing takes the traffic while no real server is up, whatever is said about it.",
    ]

    private static let guards: [DiagnosticCode: String] = [
        .guardWithoutPeer: "The guard knows packets of other directors by their MAC addresses; it has none.",
        .guardForwarding: "Two directors send packets in circles only where they forward by direct routing.",
        .guardOnMark: "The guard marks packets of its own; a service by mark already has another.",
        .guardMarkCollision: "Packets of two services with one mark go to the same servers.",
        .guardPeerIsVirtual:
            "The peer's virtual address moves: it does not tell one director from the other.",
        .guardMarkWithoutGuard: "The mark is of no use without the guard.",
        .guardWithoutSync:
            "After a failover the other director would not know the connections that the guard passes.",
        .guardUnused: "No service is guarded: the block has no effect.",
        .directorWithoutGuard:
            "The packet that one director forwards is balanced again by the other, perhaps back to the "
            + "first: direct routing does not lower its TTL, and it circles until it is lost.",
    ]

    private static let pairs: [DiagnosticCode: String] = [
        .pairVersion: "A router drops adverts of another version: both hear nobody, and both become master.",
        .pairInterval: "Version 2 drops adverts whose interval is not its own: both become master.",
        .pairAuthentication: "A router drops adverts with another password: both become master.",
        .pairAddresses: "The address exists on one director only, and is gone while the other is master.",
        .pairTransport:
            "Each sends its adverts where the other does not listen: both become master.",
        .pairRouterID:
            "A router drops adverts of another VRID: both hear nobody, both become master, and both answer "
            + "for the same addresses.",
        .pairWeight:
            "Whatever fails, the same director has the higher priority: what is tracked never moves the "
            + "addresses.",
        .pairGroup:
            "A group is master as a whole. Where each director wins one member, the winner of one pulls the "
            + "others along, loses them to the peer, and gives up the first with them: the addresses move "
            + "to and fro.",
        .pairStatic:
            "Two hosts answer to one address: each switch and neighbour believes whoever spoke last, and a "
            + "connection to it ends on the host that knows nothing of it.",
        .pairDownTimer:
            "Failover takes as long as the file of whoever was backup says, and the more patient one loses "
            + "every race.",
        .pairIntervalLearnt:
            "A version 3 backup takes the master's interval, so failover depends on who was master.",
        .pairPriority:
            "With equal priorities the higher interface address wins, which nobody reads in the files.",
        .pairAddressOrder:
            "Adverts list the addresses in order; other routers may compare them octet by octet.",
        .pairInstanceMissing: "Nobody else can take over the addresses of this instance.",
        .pairServiceMissing: "The address moves to a director that does not balance it: clients are refused.",
        .pairServiceDiffers: "After a failover clients meet other servers or another way to them.",
        .pairSync: "Connections are not handed over: every failover ends the established ones.",
        .pairGuardMark:
            "The mark is the service's name in the kernel: a connection that was synchronised under another "
            + "name is not found after a failover.",
        .pairGuardPeer:
            "A director that names itself as its peer takes the other's packets for new ones and balances "
            + "them again.",
        .pairChecksum:
            "With the pseudo-header in the sum or without it: a router drops adverts that are summed "
            + "otherwise, and both become master.",
        .pairExcluded: "Adverts do not carry the address, so no router ever notices the difference.",
        .pairPrefix: "The prefix length makes the route to the network: it changes with every failover.",
        .pairBothMaster:
            "A router that starts as master does not listen first: after a power cut both have the "
            + "addresses for a moment.",
    ]
    private static let hosts: [DiagnosticCode: String] = [
        .missingInterface:
            "Adverts go nowhere and addresses cannot be held until the interface is there: the instance "
            + "waits in FAULT.",
        .unsuitableInterface:
            "An advert needs a segment that other directors are on, and a sender's address by which they "
            + "break ties.",
        .missingProgram: "A check that cannot be run says nothing: its server keeps the state it has.",
        .unknownUser: "Nothing is run as a user that does not exist, and never as another one instead.",
        .unknownGroup:
            "Nothing is run with other groups than those that are written, and no group means no right.",
        .insecureScript:
            "Whoever can change a script, or a directory on the way to it, decides what the daemon runs.",
        .guardPeerIsOwn:
            "Packets that the other director forwarded are known by its Ethernet address; with one's own "
            + "they are balanced again.",
        .missingModule: "The kernel refuses the service: clients are refused, or reach the director itself.",
        .foreignSource:
            "A probe from an address that this host does not have is never sent: it fails here, and says "
            + "nothing of the server.",
        .notOwner:
            "A router with priority 255 that does not own the address takes it from whoever is master, "
            + "without waiting, each time it starts.",
        .addressElsewhere:
            "The address stays here when the instance is backup: two hosts answer to it, and clients are "
            + "split between them.",
        .answersARP:
            "A backup that answers ARP for the virtual address draws clients away from the master.",
        .ownRealServer:
            "The master forwards to this director, which as backup has the same service and balances the "
            + "packet again, perhaps back: it circles until it is lost.",
        .unreachableServer:
            "The packet would leave through a router, which sends it back to the virtual address: to the "
            + "director itself.",
        .forwardingOff:
            "Answers of real servers behind NAT pass through the director, and the kernel drops them.",
        .moduleNotLoaded:
            "The addresses inside the control connection stay untranslated, and data connections fail.",
        .scriptSecurityOff:
            "keepalived calls it a security violation: a script that somebody else can change runs with the "
            + "rights of its user.",
        .exposedSecret:
            "Every user of this host can read the password. Whoever knows it, and can send on the network of "
            + "the directors, can be master.",
        .sendsRedirects:
            "Answers of real servers behind NAT that leave by the interface they came in on have the kernel "
            + "tell the servers of a shorter way, past the director, on which clients do not know them.",
    ]

    private static let notifications: [DiagnosticCode: String] = [
        .duplicatePipe: "Each event would be in the FIFO twice, and a reader would act on it twice.",
        .mailWithoutServer: "Whoever counts on a mail hears nothing, and takes that for good news.",
        .mailWithoutRecipient: "Whoever counts on a mail hears nothing, and takes that for good news.",
        .mailServerByName:
            "When names cannot be resolved is when a mail is needed most; and nobody is to wait for them.",
        .readerWithoutPipe: "Whoever counts on the program waits for a call that never comes.",
    ]
}
