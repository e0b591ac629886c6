internal import CLibXML2

/// The libxml2 that is in use.
package enum LibraryVersion {
    /// Such as `2.9.14`.
    package static var text: String { LIBXML_DOTTED_VERSION }
}
