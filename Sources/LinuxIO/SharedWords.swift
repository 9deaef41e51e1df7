// Memory that a parent and its child see at once: what one writes the other can read whenever it looks, and
// after the writer's death, and neither wakes the other for it.

import CLinux

/// Words of 64 bits in memory that several processes have mapped. Each word is read and written whole, and
/// in the order of the program; what holds several of them together is the owner's business.
@safe package final class SharedWords {
    /// How many there are.
    package let count: Int
    private let memory: UnsafeMutablePointer<UInt64>

    /// New memory of `count` words, all 0, to be mapped here and inherited by others; nobody can change its
    /// size. `name` is what /proc shows.
    package static func make(_ name: String, count: Int) throws(SystemError) -> OwnedFD {
        try SystemError.naming("make shared memory") { () throws(Errno) in
            OwnedFD(adopting: try Errno.check(unsafe hf_shared_memory(name, count * 8)))
        }
    }

    /// Maps `count` words of what `make` has made. The descriptor is not needed any more.
    package init(_ memory: borrowing OwnedFD, count: Int) throws(SystemError) {
        var error: Int32 = 0
        guard let mapped = unsafe hf_map_shared(memory.descriptor.rawValue, count * 8, &error) else {
            throw SystemError("map shared memory", Errno(rawValue: error))
        }
        unsafe self.memory = mapped
        self.count = count
    }

    deinit { unsafe hf_unmap(memory, count * 8) }

    /// The word at `index`, which MUST be below `count`.
    package subscript(index: Int) -> UInt64 {
        get {
            precondition((0..<count).contains(index))
            return unsafe hf_load_word(memory, index)
        }
        set {
            precondition((0..<count).contains(index))
            unsafe hf_store_word(memory, index, newValue)
        }
    }
}
