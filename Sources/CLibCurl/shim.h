#pragma once

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* `curl_easy_setopt` and `curl_easy_getinfo` are variadic: one typed function for each kind of argument. */

static inline CURLcode shangbao_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode shangbao_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode shangbao_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode shangbao_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode shangbao_curl_set_headers(CURL *handle, struct curl_slist *value) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, value);
}

static inline CURLcode shangbao_curl_set_url(CURL *handle, CURLU *value) {
    return curl_easy_setopt(handle, CURLOPT_CURLU, value);
}

static inline CURLcode shangbao_curl_on_body(CURL *handle, curl_write_callback call, void *owner) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, call);
    return result != CURLE_OK ? result : curl_easy_setopt(handle, CURLOPT_WRITEDATA, owner);
}

static inline CURLcode shangbao_curl_on_header(CURL *handle, curl_write_callback call, void *owner) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, call);
    return result != CURLE_OK ? result : curl_easy_setopt(handle, CURLOPT_HEADERDATA, owner);
}

static inline CURLcode shangbao_curl_on_socket(CURL *handle, curl_opensocket_callback call,
                                               void *owner) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, call);
    return result != CURLE_OK ? result : curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, owner);
}

static inline CURLcode shangbao_curl_on_request(CURL *handle, curl_prereq_callback call,
                                                void *owner) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, call);
    return result != CURLE_OK ? result : curl_easy_setopt(handle, CURLOPT_PREREQDATA, owner);
}

static inline CURLcode shangbao_curl_on_trace(CURL *handle, curl_debug_callback call, void *owner) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, call);
    if (result != CURLE_OK) return result;
    result = curl_easy_setopt(handle, CURLOPT_DEBUGDATA, owner);
    return result != CURLE_OK ? result : curl_easy_setopt(handle, CURLOPT_VERBOSE, 1L);
}

static inline CURLcode shangbao_curl_on_read(CURL *handle, curl_read_callback call, void *owner) {
    CURLcode result = curl_easy_setopt(handle, CURLOPT_READFUNCTION, call);
    return result != CURLE_OK ? result : curl_easy_setopt(handle, CURLOPT_READDATA, owner);
}

static inline CURLcode shangbao_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode shangbao_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode shangbao_curl_get_socket(CURL *handle, curl_socket_t *value) {
    return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, value);
}

static inline CURLcode shangbao_curl_get_certificates(CURL *handle, struct curl_certinfo **value) {
    return curl_easy_getinfo(handle, CURLINFO_CERTINFO, value);
}

/* A macro in terms of a cast that does not import. */
static inline curl_socket_t shangbao_curl_no_socket(void) { return CURL_SOCKET_BAD; }
