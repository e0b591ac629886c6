#pragma once

/* Debian's libxml2 is built with ICU and its headers bring ICU's along; Foundation brings its own, and the
   two do not mix in one Swift module. Nothing here uses them. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/SAX2.h>
#include <libxml/catalog.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemas.h>
#include <libxml/xmlschemastypes.h>

/* The macro does not import with the type of the field it is for. */
static inline unsigned int shangbao_xml_sax2_magic(void) { return XML_SAX2_MAGIC; }

/* Plugs a schema into a parser. libxml2 keeps the addresses of the two fields until it is unplugged,
   which Swift's `&` cannot promise. */
static inline xmlSchemaSAXPlugPtr shangbao_xml_plug(xmlSchemaValidCtxtPtr validator,
                                                    xmlParserCtxtPtr parser) {
    return xmlSchemaSAXPlug(validator, &parser->sax, &parser->userData);
}
