internal import CLibXML2
internal import Glibc

/// What libxml2 is told once in a process, before anything is parsed.
///
/// Its loader of external entities is process-wide. Ours gives out nothing but the files of a
/// schema that is being compiled on the very same thread: no file, no address is ever opened by
/// libxml2.
enum LibraryStart {
    /// Touch it before every use of libxml2; the work is done the first time only.
    static let once: Void = {
        xmlInitParser()
        xmlSchemaInitTypes()
        xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE)
        xmlSetExternalEntityLoader { name, _, parser in
            guard let name, let slot = pthread_getspecific(LibraryStart.compilationSlot) else {
                return nil
            }
            return Unmanaged<SchemaCompilation>.fromOpaque(slot).takeUnretainedValue()
                .open(String(cString: name), for: parser)
        }
    }()

    /// The thread's place for the `SchemaCompilation` that runs on it.
    static let compilationSlot: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()
}
