import ConfigSyntax

/// The block `SSL` as written.
struct TLSDraft: Draft {
    var origin: Origin
    var authorities: Located<String>?
    var certificate: Located<String>?
    var key: Located<String>?
    var password: Located<String>?
}
