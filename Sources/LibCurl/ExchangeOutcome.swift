internal import CLibCurl

extension Transfer {
    /// What an error of libcurl means for the request, by what is proved: a request that libcurl
    /// was never about to write has not been sent; any other may have been.
    func failure(_ code: CURLcode) -> ExchangeFailure {
        // Only while nothing of an answer has come: after that the handshake is long over.
        if let certificateAlert, headerBytes.isEmpty { return .refused(certificateAlert) }
        return hasBegun ? .uncertain(uncertainReason(code)) : .notSent(notSentReason(code))
    }

    private func uncertainReason(_ code: CURLcode) -> UncertainReason {
        if isTooLarge { return .tooLarge }
        switch code {
        case CURLE_OPERATION_TIMEDOUT: return .timeout
        case CURLE_PARTIAL_FILE: return .truncated
        // Aborted: it would have been written again on a new connection.
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_COULDNT_CONNECT,
            CURLE_ABORTED_BY_CALLBACK:
            return .connectionLost
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            return .malformedAnswer
        default: return .other
        }
    }

    private func notSentReason(_ code: CURLcode) -> NotSentReason {
        if refusedAddress { return .addressRefused }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return .hostNotFound
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: return .proxy
        case CURLE_COULDNT_CONNECT: return .connectionRefused
        case CURLE_OPERATION_TIMEDOUT: return .timeout
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            return .certificateRefused
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER,
            CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN:
            return .configuration
        case CURLE_SSL_CONNECT_ERROR, CURLE_SEND_ERROR, CURLE_RECV_ERROR: return .tls
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: return .urlRefused
        default: return .other
        }
    }
}
