import ConfigSyntax

/// The block `SSL` as written.
struct TLSDraft: Draft {
    var origin: Origin
    var authorities: Located<String>?
}
